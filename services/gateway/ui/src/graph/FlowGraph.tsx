/** A drawing of nodes and relations that one can pan, zoom and walk through with the keyboard. */
import "@xyflow/react/dist/style.css";
import "./graph.css";
import { Background, Controls, ReactFlow, type ReactFlowInstance } from "@xyflow/react";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useMemo, useState } from "react";
import type { GraphEdge, GraphNode } from "../api/types";
import { Loading } from "../common/Loading";
import { parseRef } from "../common/refs";
import { drawEdges, drawNodes, type EntityFlowEdge } from "./drawing";
import { EntityNode, type EntityFlowNode } from "./EntityNode";
import { joinEdges, type Line } from "./lines";
import type { Place } from "./place";
import { placePreview } from "./preview";
import { RelationEdge } from "./RelationEdge";

const SHOWN_AT_MOST = 300;
/** More than these cannot be read in a small preview. */
const PREVIEWED_AT_MOST = 8;
const nodeTypes = { entity: EntityNode };
const edgeTypes = { relation: RelationEdge };
const PREVIEW = { padding: 0.1, maxZoom: 1.05 };
/** Smaller than this, names cannot be read: what does not fit is panned to. */
const READABLE = { ...PREVIEW, minZoom: 0.6 };

interface Props {
  root: string;
  nodes: GraphNode[];
  edges: GraphEdge[];
  /** A small preview: no words, no controls. */
  compact?: boolean;
  /** Draws from near to far, whatever direction the relations have. */
  outward?: boolean;
}

export function FlowGraph({ root, nodes, edges, compact = false, outward = false }: Props) {
  const shown = useMemo(() => nearest(nodes, compact ? PREVIEWED_AT_MOST : SHOWN_AT_MOST), [nodes, compact]);
  const lines = useMemo(() => joinEdges(shown, edges, outward), [shown, edges, outward]);
  const places = useLayout(shown, lines, compact ? root : undefined);
  const drawn = useMemo(
    () => places && { nodes: drawNodes(shown, places, root), edges: drawEdges(lines, places, compact) },
    [shown, lines, places, compact, root],
  );
  if (!drawn) return <div className="graph" data-compact={compact || undefined}><Loading rows={4} /></div>;
  return (
    <div className="graph" data-compact={compact || undefined} role="group" aria-label={`Graph of ${drawn.nodes.length} entities; a table says the same`}>
      <Drawing {...drawn} compact={compact} />
      {shown.length < nodes.length && (
        <p className="graph-note">
          {compact ? `${shown.length - 1} of ${nodes.length - 1}` : `The nearest ${shown.length} of ${nodes.length} are drawn; the table has all.`}
        </p>
      )}
    </div>
  );
}

interface DrawingProps {
  nodes: EntityFlowNode[];
  edges: EntityFlowEdge[];
  compact: boolean;
}

function Drawing({ nodes, edges, compact }: DrawingProps) {
  const navigate = useNavigate();
  const [flow, setFlow] = useState<ReactFlowInstance<EntityFlowNode, EntityFlowEdge> | null>(null);
  const fit = compact ? PREVIEW : READABLE;
  useEffect(() => void flow?.fitView(fit), [flow, nodes, fit]);
  return (
    <ReactFlow
      nodes={nodes} edges={edges} nodeTypes={nodeTypes} edgeTypes={edgeTypes} onInit={setFlow} minZoom={0.1} fitView fitViewOptions={fit}
      nodesDraggable={false} nodesConnectable={false} nodesFocusable={false} edgesFocusable={false}
      preventScrolling={false} zoomOnScroll={false} panOnDrag={!compact} zoomOnDoubleClick={!compact}
      onNodeClick={(_, node) => void navigate({ to: "/catalog/$namespace/$kind/$name", params: parseRef(node.id) })}
    >
      {!compact && <Background gap={22} size={1} />}
      {!compact && <Controls showInteractive={false} />}
    </ReactFlow>
  );
}

const nearest = (nodes: GraphNode[], atMost: number) =>
  nodes.length <= atMost ? nodes : [...nodes].sort((a, b) => a.distance - b.distance).slice(0, atMost);

/** The engine that places large graphs is far larger than all else, so a preview does without it. */
function useLayout(nodes: GraphNode[], lines: Line[], previewOf: string | undefined): Map<string, Place> | null {
  const preview = useMemo(() => (previewOf ? placePreview(nodes, lines, previewOf) : null), [nodes, lines, previewOf]);
  const [places, setPlaces] = useState<Map<string, Place> | null>(null);
  useEffect(() => {
    if (previewOf) return undefined;
    let current = true;
    void import("./layout").then(({ layOut }) => layOut(nodes, lines, 112)).then((found) => current && setPlaces(found));
    return () => {
      current = false;
    };
  }, [nodes, lines, previewOf]);
  return preview ?? places;
}
