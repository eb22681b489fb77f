/** A drawing of nodes and relations that one can pan, zoom and walk through with the keyboard. */
import "@xyflow/react/dist/style.css";
import "./graph.css";
import { Background, Controls, MarkerType, ReactFlow, type Edge, type ReactFlowInstance } from "@xyflow/react";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useMemo, useState } from "react";
import type { GraphEdge, GraphNode } from "../api/types";
import { Loading } from "../common/Loading";
import { parseRef } from "../common/refs";
import { relationWord } from "../entity/relation-words";
import { EntityNode, type EntityFlowNode } from "./EntityNode";
import { layOut, type Place } from "./layout";

const SHOWN_AT_MOST = 300;
const nodeTypes = { entity: EntityNode };

interface Props {
  root: string;
  nodes: GraphNode[];
  edges: GraphEdge[];
  height: number;
  /** A small preview: no words on the edges, no controls. */
  compact?: boolean;
}

export function FlowGraph({ root, nodes, edges, height, compact = false }: Props) {
  const navigate = useNavigate();
  const shown = useMemo(() => nearest(nodes), [nodes]);
  const places = useLayout(shown, edges);
  const [flow, setFlow] = useState<ReactFlowInstance<EntityFlowNode> | null>(null);
  const drawnNodes = useMemo(() => drawNodes(shown, places, root), [shown, places, root]);
  const drawnEdges = useMemo(() => drawEdges(edges, places, compact), [edges, places, compact]);
  useEffect(() => void flow?.fitView({ padding: 0.12, maxZoom: 1.1 }), [flow, places]);
  if (!places) return <div className="graph" style={{ height }}><Loading rows={4} /></div>;
  return (
    <div className="graph" style={{ height }} role="group" aria-label={`Graph of ${drawnNodes.length} entities; the table says the same`}>
      <ReactFlow
        nodes={drawnNodes} edges={drawnEdges} nodeTypes={nodeTypes} onInit={setFlow} minZoom={0.1} fitView
        fitViewOptions={{ padding: 0.12, maxZoom: 1.1 }} nodesDraggable={false} nodesConnectable={false} edgesFocusable={false}
        preventScrolling={!compact} zoomOnScroll={!compact}
        onNodeClick={(_, node) => void navigate({ to: "/catalog/$namespace/$kind/$name", params: parseRef(node.id) })}
      >
        {!compact && <Background gap={22} size={1} />}
        {!compact && <Controls showInteractive={false} />}
      </ReactFlow>
      {shown.length < nodes.length && (
        <p className="graph-note">The nearest {shown.length} of {nodes.length} are drawn; the table has all.</p>
      )}
    </div>
  );
}

const nearest = (nodes: GraphNode[]) =>
  nodes.length <= SHOWN_AT_MOST ? nodes : [...nodes].sort((a, b) => a.distance - b.distance).slice(0, SHOWN_AT_MOST);

function useLayout(nodes: GraphNode[], edges: GraphEdge[]): Map<string, Place> | null {
  const [places, setPlaces] = useState<Map<string, Place> | null>(null);
  useEffect(() => {
    let current = true;
    void layOut(nodes, edges).then((found) => current && setPlaces(found));
    return () => {
      current = false;
    };
  }, [nodes, edges]);
  return places;
}

function drawNodes(nodes: GraphNode[], places: Map<string, Place> | null, root: string): EntityFlowNode[] {
  return nodes.flatMap((node) => {
    const position = places?.get(node.ref);
    if (!position) return [];
    return [{ id: node.ref, type: "entity" as const, position, data: { node, root: node.ref === root } }];
  });
}

function drawEdges(edges: GraphEdge[], places: Map<string, Place> | null, compact: boolean): Edge[] {
  const joined = new Map<string, string[]>();
  for (const { source, target, type } of edges) {
    if (!places?.has(source) || !places.has(target)) continue;
    const key = `${source} ${target}`;
    joined.set(key, [...(joined.get(key) ?? []), relationWord(type).toLowerCase()]);
  }
  return [...joined].map(([id, words]) => {
    const [source = "", target = ""] = id.split(" ");
    return { id, source, target, ...(compact ? {} : { label: words.join(", ") }), markerEnd: { type: MarkerType.ArrowClosed } };
  });
}
