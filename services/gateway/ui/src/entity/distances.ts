/** Ordering of an impact answer for reading. */
import type { GraphEdge, GraphNode } from "../api/types";
import { shortName } from "../common/refs";
import { relationPhrase } from "./relation-words";

export function byDistance(nodes: readonly GraphNode[]): [distance: number, nodes: GraphNode[]][] {
  const rings = new Map<number, GraphNode[]>();
  for (const node of nodes) rings.set(node.distance, [...(rings.get(node.distance) ?? []), node]);
  const named = ([distance, ring]: [number, GraphNode[]]): [number, GraphNode[]] => [
    distance, ring.sort((left, right) => (left.title || left.name).localeCompare(right.title || right.name)),
  ];
  return [...rings].sort(([left], [right]) => left - right).map(named);
}

/** For each node the edge, in words, by which it is reached from one that is a step nearer. */
export function routes(nodes: readonly GraphNode[], edges: readonly GraphEdge[]): Map<string, string> {
  const known = new Map(nodes.map((node) => [node.ref, node]));
  const found = new Map<string, string>();
  const note = (ref: string, otherRef: string, phrase: string) => {
    const [node, other] = [known.get(ref), known.get(otherRef)];
    if (!node || !other || other.distance !== node.distance - 1 || found.has(ref)) return;
    found.set(ref, `${phrase} ${other.title || shortName(other.ref)}`);
  };
  for (const { source, target, type } of edges) {
    note(source, target, relationPhrase(type));
    note(target, source, relationPhrase(type, true));
  }
  return found;
}
