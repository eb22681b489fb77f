/** Places nodes in layers, off the main thread. */
import type { ELK, ElkNode } from "elkjs/lib/elk-api";
import ElkApi from "elkjs/lib/elk-api.js";
import workerUrl from "elkjs/lib/elk-worker.min.js?url";
import type { GraphNode } from "../api/types";
import type { Line } from "./lines";
import { NODE_HEIGHT, NODE_WIDTH, type Place } from "./place";

let engine: ELK | undefined;

/** One worker for the life of the page: starting it costs more than most layouts. */
function layoutEngine(): ELK {
  engine ??= new ElkApi({ workerUrl });
  return engine;
}

const OPTIONS = {
  "elk.algorithm": "layered",
  "elk.direction": "RIGHT",
  "elk.spacing.nodeNode": "16",
  "elk.layered.considerModelOrder.strategy": "NODES_AND_EDGES",
  "elk.layered.nodePlacement.strategy": "BRANDES_KOEPF",
  "elk.layered.nodePlacement.bk.fixedAlignment": "BALANCED",
};

/** Where each node goes; `gap` is the room between two layers, for the words on the lines. */
export async function layOut(nodes: readonly GraphNode[], lines: readonly Line[], gap: number): Promise<Map<string, Place>> {
  const graph: ElkNode = {
    id: "root",
    layoutOptions: { ...OPTIONS, "elk.layered.spacing.nodeNodeBetweenLayers": String(gap) },
    children: nodes.map(({ ref }) => ({ id: ref, width: NODE_WIDTH, height: NODE_HEIGHT })),
    edges: lines.map(({ from, to }, at) => ({ id: `e${at}`, sources: [from], targets: [to] })),
  };
  const placed = await layoutEngine().layout(graph);
  return new Map((placed.children ?? []).map(({ id, x = 0, y = 0 }) => [id, { x, y }]));
}
