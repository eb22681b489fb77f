/** From an answer of the API to what is drawn. */
import { MarkerType, type Edge } from "@xyflow/react";
import type { GraphEdge, GraphNode } from "../api/types";
import { relationPhrase } from "../entity/relation-words";
import type { EntityFlowNode } from "./EntityNode";
import type { Place } from "./layout";

/** One line between two nodes: all relations between them in one direction. */
export interface Line {
  from: string;
  to: string;
  words: string[];
  /** The relation points from `to` to `from`: the line is only drawn the other way round. */
  reversed: boolean;
}

/**
 * Joins relations between the same two nodes.
 *
 * Drawn outward, a line starts at the node nearer to the root. Otherwise what relates two equally distant nodes is
 * left to the table: around a root such lines hide what the drawing is for.
 */
export function joinEdges(nodes: readonly GraphNode[], edges: readonly GraphEdge[], outward: boolean): Line[] {
  const distance = new Map(nodes.map((node) => [node.ref, node.distance]));
  const lines = new Map<string, Line>();
  for (const { source, target, type } of edges) {
    const [near, far] = [distance.get(source), distance.get(target)];
    if (near === undefined || far === undefined || (near === far && !outward)) continue;
    const reversed = outward && near > far;
    const key = `${source} ${target}`;
    const line = lines.get(key) ?? { from: reversed ? target : source, to: reversed ? source : target, words: [], reversed };
    line.words.push(relationPhrase(type));
    lines.set(key, line);
  }
  return [...lines.values()];
}

export function drawNodes(nodes: readonly GraphNode[], places: Map<string, Place>, root: string): EntityFlowNode[] {
  return nodes.flatMap((node) => {
    const position = places.get(node.ref);
    if (!position) return [];
    return [{ id: node.ref, type: "entity" as const, position, data: { node, root: node.ref === root } }];
  });
}

const ARROW = { type: MarkerType.ArrowClosed, width: 16, height: 16 };

export function drawEdges(lines: readonly Line[], places: Map<string, Place>, compact: boolean): Edge[] {
  return lines
    .filter(({ from, to }) => places.has(from) && places.has(to))
    .map(({ from, to, words, reversed }) => ({
      id: `${from} ${to} ${reversed}`,
      source: from,
      target: to,
      ...(compact ? {} : { label: words.join(", ") }),
      ...(reversed ? { markerStart: ARROW } : { markerEnd: ARROW }),
    }));
}
