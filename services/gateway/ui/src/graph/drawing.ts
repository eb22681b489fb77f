/** From an answer of the API to what is drawn. */
import { MarkerType, type Edge } from "@xyflow/react";
import type { GraphNode } from "../api/types";
import type { EntityFlowNode } from "./EntityNode";
import { wordEnds, type End, type Line } from "./lines";
import type { Place } from "./place";

export function drawNodes(nodes: readonly GraphNode[], places: Map<string, Place>, root: string): EntityFlowNode[] {
  return nodes.flatMap((node) => {
    const position = places.get(node.ref);
    if (!position) return [];
    return [{ id: node.ref, type: "entity" as const, position, data: { node, root: node.ref === root } }];
  });
}

const ARROW = { type: MarkerType.ArrowClosed, width: 16, height: 16 };

export type EntityFlowEdge = Edge<{ words: string; near: End }, "relation">;

export function drawEdges(lines: readonly Line[], places: Map<string, Place>, compact: boolean): EntityFlowEdge[] {
  const ends = wordEnds(lines);
  return lines
    .filter(({ from, to }) => places.has(from) && places.has(to))
    .map((line) => ({
      id: `${line.from} ${line.to} ${line.reversed}`,
      type: "relation" as const,
      source: line.from,
      target: line.to,
      data: { words: compact ? "" : line.words.join(", "), near: ends(line) },
      ...(line.reversed ? { markerStart: ARROW } : { markerEnd: ARROW }),
    }));
}
