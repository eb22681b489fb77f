/** From the relations of an answer to the lines of a drawing. */
import type { GraphEdge, GraphNode } from "../api/types";
import { relationPhrase } from "../entity/relation-words";

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

export type End = "source" | "middle" | "target";

/** Where the words of a line are best read: away from the end where it runs together with others. */
export function wordEnds(lines: readonly Line[]): (line: Line) => End {
  const leaving = new Map<string, number>();
  const arriving = new Map<string, number>();
  for (const { from, to } of lines) {
    leaving.set(from, (leaving.get(from) ?? 0) + 1);
    arriving.set(to, (arriving.get(to) ?? 0) + 1);
  }
  return ({ from, to }) => {
    const [out, into] = [leaving.get(from) ?? 0, arriving.get(to) ?? 0];
    return out > into ? "target" : into > out ? "source" : "middle";
  };
}
