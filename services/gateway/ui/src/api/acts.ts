/** What people do, each ended when what follows from it can be read, or when that takes too long to wait for. */
import { refPath } from "../common/refs";
import { ApiError, get, post, write } from "./client";
import type { OpenedPull } from "./types";

/** What was done is in the catalog already, or it will be soon. */
export type Done = "seen" | "soon";

/** Reads something once what a token stands for can be seen there; that it cannot be yet undoes nothing. */
async function seen(path: string, token: string): Promise<Done> {
  try {
    await get<unknown>(`${path}?${new URLSearchParams({ waitFor: token })}`);
  } catch (error) {
    if (!(error instanceof ApiError && error.passing)) throw error;
    return "soon";
  }
  return "seen";
}

/** Reads the source of an entity again, and waits until it is read. */
export async function tryAgain(entityRef: string): Promise<Done> {
  const token = await write("POST", "/api/catalog/refresh", { entityRef });
  return seen("/api/catalog/sources", token);
}

/** Brings back an entity that is gone, as it was last. */
export async function restore(entityRef: string): Promise<Done> {
  const path = `/api/catalog/entities/by-name/${refPath(entityRef)}`;
  return seen(path, await write("POST", `${path}/restore`));
}

/** Lets an entity go; it comes back if it is declared still. */
export async function removeEntity(uid: string): Promise<Done> {
  const token = await write("DELETE", `/api/catalog/entities/by-uid/${encodeURIComponent(uid)}`);
  return seen("/api/catalog/kinds", token);
}

/** Lets an orphan stay. */
export const keepOrphan = (entityRef: string) => post<void>("/api/catalog/orphans/keep", { entityRef });

/** Offers a repository its entity file as a pull request; answers the one that is open already, if there is one. */
export const acceptProposal = (repository: string, content: string) =>
  post<OpenedPull>("/api/catalog/proposals/accept", { repository, content });

/** Proposes a repository no more, or again. */
export const dismissProposal = (repository: string, dismissed: boolean) =>
  post("/api/catalog/proposals/dismiss", { repository, dismissed });
