/** What a source says about itself. */
import type { Source } from "../api/types";

/** Where it is, as one can find it again; what lies in no repository, as a provider, has a name only. */
export function targetOf({ id, repository, path }: Source): string {
  return [repository, path === "." ? "" : path].filter(Boolean).join(" · ") || id;
}

/** Whether somebody must look at it; what is told for information only is no trouble. */
export const hasTrouble = ({ state, problems }: Source): boolean =>
  state === "failed" || problems.some(({ level }) => level !== "info");

const rank = (source: Source) => (source.state === "failed" ? 0 : hasTrouble(source) ? 1 : source.state === "pending" ? 2 : 3);

export function troubleFirst(sources: readonly Source[]): Source[] {
  return [...sources].sort((left, right) => rank(left) - rank(right) || targetOf(left).localeCompare(targetOf(right)));
}

/** What is being read for the first time, or waits for it: until then a catalog without entities says nothing. */
export const stillToRead = (sources: Source[] = []) => sources.filter((source) => source.state === "pending" && !source.readAt).length;
