/** Which cached answers an event makes untrue. */
import { KEY } from "../api/queries";
import type { Kind } from "../api/types";

export type Topic = "graph" | "docs" | "source";

export interface Change {
  topic: Topic;
  ref: string;
}

const EVERYWHERE: Record<Topic, readonly string[]> = {
  graph: [KEY.entities, KEY.facets, KEY.impact, KEY.neighbors, KEY.search, KEY.sources],
  docs: [KEY.search],
  source: [KEY.sources],
};

const OF_ONE: Record<Topic, readonly string[]> = { graph: [KEY.entity, KEY.history], docs: [KEY.docs], source: [] };

/**
 * Cache key prefixes to invalidate for these changes, each once.
 *
 * Lists, facets and graphs can change with any entity, so they go as a whole; an entity's own page, history and docs only
 * with its own ref.
 */
export function keysFor(changes: readonly Change[]): string[][] {
  const keys = new Map<string, string[]>();
  for (const { topic, ref } of changes) {
    for (const key of EVERYWHERE[topic]) keys.set(key, [key]);
    if (topic === "graph" && ref.startsWith("kinddefinition:")) keys.set(KEY.kinds, [KEY.kinds]);
    for (const key of OF_ONE[topic]) keys.set(`${key} ${ref}`, [key, ref]);
  }
  return [...keys.values()];
}

/** Whether a cache key is that of an entity's page whose kind has properties. */
export function hasProperties([key, ref]: readonly unknown[], kinds: readonly Pick<Kind, "kind" | "properties">[]): boolean {
  if (key !== KEY.entity || typeof ref !== "string") return false;
  return kinds.some(({ kind, properties }) => properties.length > 0 && ref.startsWith(`${kind.toLowerCase()}:`));
}
