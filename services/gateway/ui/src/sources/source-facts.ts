/** What a source says about itself. */
import type { Source, SourceCommit } from "../api/types";

export function commitOf({ commit }: Source): SourceCommit | undefined {
  if (!commit) return undefined;
  return typeof commit === "string" ? { sha: commit } : commit;
}

export const hasTrouble = (source: Source): boolean => source.state === "failed" || source.problems.length > 0;

const rank = (source: Source) => (source.state === "failed" ? 0 : source.problems.length ? 1 : source.state === "pending" ? 2 : 3);

export function troubleFirst(sources: readonly Source[]): Source[] {
  return [...sources].sort((left, right) => rank(left) - rank(right) || left.target.localeCompare(right.target));
}
