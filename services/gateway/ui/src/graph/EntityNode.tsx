import { Handle, Position, type Node, type NodeProps } from "@xyflow/react";
import { useNavigate } from "@tanstack/react-router";
import type { KeyboardEvent } from "react";
import type { GraphNode } from "../api/types";
import { KindIcon, useLook } from "../common/kinds";
import { parseRef, shortName } from "../common/refs";

export type EntityFlowNode = Node<{ node: GraphNode; root: boolean }, "entity">;

/** One entity in a graph; Enter opens its page, as a click does. */
export function EntityNode({ data: { node, root } }: NodeProps<EntityFlowNode>) {
  const navigate = useNavigate();
  const open = (event: KeyboardEvent) => {
    if (event.key === "Enter") void navigate({ to: "/catalog/$namespace/$kind/$name", params: parseRef(node.ref) });
  };
  const kind = [useLook(node.kind).label, node.type].filter(Boolean).join(" · ");
  const title = node.title || shortName(node.ref);
  return (
    <div className="node" data-root={root || undefined} data-missing={node.missing || undefined} tabIndex={0} role="link"
      onKeyDown={open} title={node.ref}>
      <Handle type="target" position={Position.Left} isConnectable={false} />
      <KindIcon kind={node.kind} size={16} />
      <span className="node-words">
        <span className="node-title">{title}</span>
        <span className="node-kind">{node.missing ? "not in the catalog" : kind}</span>
      </span>
      <Handle type="source" position={Position.Right} isConnectable={false} />
    </div>
  );
}
