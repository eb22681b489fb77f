/** Ordering of an impact answer for reading. */
import type { GraphEdge, GraphNode } from "../api/types";
import { shortName } from "../common/refs";

export function byDistance(nodes: readonly GraphNode[]): [distance: number, nodes: GraphNode[]][] {
  const rings = new Map<number, GraphNode[]>();
  for (const node of nodes) rings.set(node.distance, [...(rings.get(node.distance) ?? []), node]);
  const named = ([distance, ring]: [number, GraphNode[]]): [number, GraphNode[]] => [
    distance, ring.sort((left, right) => (left.title || left.name).localeCompare(right.title || right.name)),
  ];
  return [...rings].sort(([left], [right]) => left - right).map(named);
}

/** The edge by which a node is reached from one that is a step nearer. */
export function reachedThrough(
  node: GraphNode, nodes: readonly GraphNode[], edges: readonly GraphEdge[],
): { type: string; other: string } | undefined {
  if (node.distance <= 1) {
    const direct = edges.find(({ source, target }) => source === node.ref || target === node.ref);
    return direct && { type: direct.type, other: "" };
  }
  const nearer = new Map(nodes.filter(({ distance }) => distance === node.distance - 1).map((one) => [one.ref, one]));
  for (const { source, target, type } of edges) {
    const other = source === node.ref ? nearer.get(target) : target === node.ref ? nearer.get(source) : undefined;
    if (other) return { type, other: other.title || shortName(other.ref) };
  }
  return undefined;
}
