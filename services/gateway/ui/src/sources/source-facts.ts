/** What a source says about itself. */
import type { Source } from "../api/types";

/** Where it is, as one can find it again. */
export function targetOf({ repository, path }: Source): string {
  return path && path !== "." ? `${repository} · ${path}` : repository;
}

export const hasTrouble = (source: Source): boolean => source.state === "failed" || source.problems.length > 0;

const rank = (source: Source) => (source.state === "failed" ? 0 : source.problems.length ? 1 : source.state === "pending" ? 2 : 3);

export function troubleFirst(sources: readonly Source[]): Source[] {
  return [...sources].sort((left, right) => rank(left) - rank(right) || targetOf(left).localeCompare(targetOf(right)));
}
