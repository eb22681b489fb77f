/** The neighbourhood as a drawing and, saying the same, as a table. */
import { SegmentedControl } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { neighbors } from "../api/queries";
import { Card } from "../common/Card";
import { EntityLink } from "../common/EntityLink";
import { Failure } from "../common/Failure";
import { Loading } from "../common/Loading";
import { NeighborGraph } from "../graph/NeighborGraph";
import { useAsOf } from "./as-of";
import { relationPhrase } from "./relation-words";
import { useEntityRef } from "./EntityPage";

export function RelationsTab() {
  const ref = useEntityRef();
  const [view, setView] = useState("graph");
  const [depth, setDepth] = useState("1");
  return (
    <Card
      title="Relations"
      flush
      aside={
        <div className="card-tools">
          <SegmentedControl size="xs" aria-label="Steps" value={depth} onChange={setDepth}
            data={["1", "2", "3"].map((value) => ({ value, label: value === "1" ? "1 step" : `${value} steps` }))} />
          <SegmentedControl size="xs" aria-label="View" value={view} onChange={setView}
            data={[{ value: "graph", label: "Graph" }, { value: "table", label: "Table" }]} />
        </div>
      }
    >
      {view === "graph" ? (
        <NeighborGraph entityRef={ref} depth={Number(depth)} />
      ) : (
        <RelationsTable entityRef={ref} depth={Number(depth)} />
      )}
    </Card>
  );
}

function RelationsTable({ entityRef, depth }: { entityRef: string; depth: number }) {
  const { data, error, refetch } = useQuery(neighbors(entityRef, depth, useAsOf()));
  if (error && !data) return <Failure error={error} retry={() => void refetch()} />;
  if (!data) return <Loading />;
  const nodes = new Map(data.nodes.map((node) => [node.ref, node]));
  const named = (ref: string) => <EntityLink to={ref} title={nodes.get(ref)?.title} missing={nodes.get(ref)?.missing ?? false} />;
  return (
    <table className="entity-table">
      <caption className="visually-hidden">Relations within {depth} steps</caption>
      <thead>
        <tr><th scope="col">From</th><th scope="col">Relation</th><th scope="col">To</th></tr>
      </thead>
      <tbody>
        {data.edges.map(({ source, type, target }) => (
          <tr key={`${source} ${type} ${target}`}>
            <td>{named(source)}</td>
            <td className="dim">{relationPhrase(type)}</td>
            <td>{named(target)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
