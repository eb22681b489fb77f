/** What people do, each ended only when what follows from it can be read. */
import { get, post, write } from "./client";
import type { OpenedPull } from "./types";

/** Reads the source of an entity again, and waits until it is read. */
export async function tryAgain(entityRef: string): Promise<void> {
  const token = await write("POST", "/api/catalog/refresh", { entityRef });
  await get(`/api/catalog/sources?${new URLSearchParams({ waitFor: token })}`);
}

/** Offers a repository its entity file as a pull request; answers the one that is open already, if there is one. */
export const acceptProposal = (repository: string, content: string) =>
  post<OpenedPull>("/api/catalog/proposals/accept", { repository, content });

/** Proposes a repository no more, or again. */
export const dismissProposal = (repository: string, dismissed: boolean) =>
  post("/api/catalog/proposals/dismiss", { repository, dismissed });
