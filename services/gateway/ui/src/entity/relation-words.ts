/** Relations in words, and grouped as people read them. */
import type { Entity } from "../api/types";

const WORDS: Record<string, string> = {
  ownedBy: "Owned by", ownerOf: "Owns", partOf: "Part of", hasPart: "Has parts", providesApi: "Provides APIs",
  apiProvidedBy: "Provided by", consumesApi: "Consumes APIs", apiConsumedBy: "Consumed by", dependsOn: "Depends on",
  dependencyOf: "Needed by", memberOf: "Member of", hasMember: "Members", childOf: "Child of", parentOf: "Parent of",
};

/** As said of one edge, in a sentence: forward from its source, backward from its target. */
const SENTENCES: Record<string, [forward: string, backward: string]> = {
  ownedBy: ["owned by", "owns"], partOf: ["part of", "contains"], providesApi: ["provides", "provided by"],
  consumesApi: ["consumes", "consumed by"], dependsOn: ["depends on", "needed by"],
  memberOf: ["member of", "has member"], childOf: ["child of", "parent of"],
};

const ORDER = Object.keys(WORDS);
const spaced = (type: string) => type.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();

export function relationWord(type: string): string {
  return WORDS[type] ?? spaced(type);
}

export function relationPhrase(type: string, backward = false): string {
  return SENTENCES[type]?.[backward ? 1 : 0] ?? spaced(type);
}

/** Relations by type in reading order; refs within a type keep the server's order. */
export function groupRelations(entity: Entity): [type: string, refs: string[]][] {
  const groups = new Map<string, string[]>();
  for (const { type, targetRef } of entity.relations ?? []) groups.set(type, [...(groups.get(type) ?? []), targetRef]);
  const place = (type: string) => (ORDER.indexOf(type) + ORDER.length + 1) % (ORDER.length + 1);
  return [...groups].sort(([left], [right]) => place(left) - place(right));
}
