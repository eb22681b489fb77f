import { useQuery } from "@tanstack/react-query";
import { neighbors } from "../api/queries";
import { Failure } from "../common/Failure";
import { Loading } from "../common/Loading";
import { useAsOf } from "../entity/as-of";
import { FlowGraph } from "./FlowGraph";

interface Props {
  entityRef: string;
  depth: number;
  compact?: boolean;
}

/** What is related to an entity, up to some steps away. */
export function NeighborGraph({ entityRef, depth, compact = false }: Props) {
  const { data, error, refetch } = useQuery(neighbors(entityRef, depth, useAsOf()));
  if (error && !data) return <Failure error={error} retry={() => void refetch()} />;
  if (!data) return <div className="graph" data-compact={compact || undefined}><Loading rows={4} /></div>;
  return <FlowGraph root={data.root} nodes={data.nodes} edges={data.edges} compact={compact} />;
}
