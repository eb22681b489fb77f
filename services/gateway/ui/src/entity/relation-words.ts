/** Relations in words, and grouped as people read them. */
import type { Entity } from "../api/types";

const WORDS: Record<string, string> = {
  ownedBy: "Owned by", ownerOf: "Owns", partOf: "Part of", hasPart: "Has parts", providesApi: "Provides APIs",
  apiProvidedBy: "Provided by", consumesApi: "Consumes APIs", apiConsumedBy: "Consumed by", dependsOn: "Depends on",
  dependencyOf: "Needed by", memberOf: "Member of", hasMember: "Members", childOf: "Child of", parentOf: "Parent of",
};

const ORDER = Object.keys(WORDS);

export function relationWord(type: string): string {
  return WORDS[type] ?? type.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();
}

/** Relations by type in reading order; refs within a type keep the server's order. */
export function groupRelations(entity: Entity): [type: string, refs: string[]][] {
  const groups = new Map<string, string[]>();
  for (const { type, targetRef } of entity.relations ?? []) groups.set(type, [...(groups.get(type) ?? []), targetRef]);
  const place = (type: string) => (ORDER.indexOf(type) + ORDER.length + 1) % (ORDER.length + 1);
  return [...groups].sort(([left], [right]) => place(left) - place(right));
}
