/** Places the few nodes of a preview at once: what leads to the root on its left, all else on its right. */
import type { GraphNode } from "../api/types";
import type { Line } from "./lines";
import { NODE_HEIGHT, NODE_WIDTH, type Place } from "./place";

const ROW = NODE_HEIGHT + 14;
const COLUMN = NODE_WIDTH + 64;

export function placePreview(nodes: readonly GraphNode[], lines: readonly Line[], root: string): Map<string, Place> {
  const leading = new Set(lines.filter(({ to }) => to === root).map(({ from }) => from));
  const others = nodes.filter(({ ref }) => ref !== root);
  const left = others.filter(({ ref }) => leading.has(ref));
  const right = others.filter(({ ref }) => !leading.has(ref));
  const column = (shown: readonly GraphNode[], x: number): [string, Place][] =>
    shown.map(({ ref }, at) => [ref, { x, y: (at - (shown.length - 1) / 2) * ROW }]);
  return new Map([[root, { x: 0, y: 0 }], ...column(left, -COLUMN), ...column(right, COLUMN)]);
}
