/** What people do, each ended only when what follows from it can be read. */
import { get, write } from "./client";

/** Reads the source of an entity again, and waits until it is read. */
export async function tryAgain(entityRef: string): Promise<void> {
  const token = await write("POST", "/api/catalog/refresh", { entityRef });
  await get(`/api/catalog/sources?${new URLSearchParams({ waitFor: token })}`);
}
