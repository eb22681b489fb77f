/** Blast radius: what breaks if this changes, or what it stands on, by distance and by team. */
import { SegmentedControl, Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { impact } from "../api/queries";
import type { Direction, Impact } from "../api/types";
import { Card } from "../common/Card";
import { EmptyStage } from "../common/EmptyStage";
import { EntityLink, WithSummaries } from "../common/EntityLink";
import { Failure } from "../common/Failure";
import { Loading } from "../common/Loading";
import { useAsOf } from "./as-of";
import { useEntityRef } from "./EntityPage";
import { ImpactList } from "./ImpactList";

const ImpactGraph = lazy(() => import("../graph/ImpactGraph").then((graph) => ({ default: graph.ImpactGraph })));
const ROUTE = "/shell/catalog/$namespace/$kind/$name/impact";

interface Choice {
  direction: Direction;
  depth: number | undefined;
  view: string;
}

export function ImpactTab() {
  const ref = useEntityRef();
  const [choice, choose] = useChoice();
  const { data, error, refetch } = useQuery(impact(ref, choice.direction, choice.depth, useAsOf()));
  return (
    <div className="stack">
      <Controls choice={choice} choose={choose} />
      {error && !data ? <Failure error={error} retry={() => void refetch()} /> : !data ? <Loading /> : (
        <Found data={data} view={choice.view} />
      )}
    </div>
  );
}

function useChoice(): [Choice, (wanted: Partial<Choice>) => void] {
  const query = useSearch({ from: ROUTE });
  const navigate = useNavigate();
  const choice: Choice = {
    direction: query.direction === "dependencies" ? "dependencies" : "dependents",
    depth: Number(query.depth) > 0 ? Number(query.depth) : undefined,
    view: query.view === "graph" ? "graph" : "list",
  };
  const choose = (wanted: Partial<Choice>) => {
    const { direction, depth, view } = { ...choice, ...wanted };
    const search = {
      asOf: query.asOf,
      direction: direction === "dependents" ? undefined : direction,
      depth: depth ? String(depth) : undefined,
      view: view === "list" ? undefined : view,
    };
    void navigate({ to: ".", search: search as never, replace: true });
  };
  return [choice, choose];
}

function Controls({ choice, choose }: { choice: Choice; choose: (wanted: Partial<Choice>) => void }) {
  return (
    <div className="filter-bar">
      <SegmentedControl size="xs" aria-label="Direction" value={choice.direction}
        onChange={(value) => choose({ direction: value as Direction })}
        data={[{ value: "dependents", label: "What depends on it" }, { value: "dependencies", label: "What it depends on" }]} />
      <Select size="xs" w={140} aria-label="How far" allowDeselect={false} value={String(choice.depth ?? 0)}
        onChange={(value) => choose({ depth: Number(value) || undefined })}
        data={[{ value: "0", label: "All the way" }, ...[1, 2, 3, 4].map((steps) => ({ value: String(steps), label: `${steps} ${steps === 1 ? "step" : "steps"}` }))]} />
      <SegmentedControl size="xs" aria-label="View" value={choice.view} onChange={(view) => choose({ view })}
        data={[{ value: "list", label: "List" }, { value: "graph", label: "Graph" }]} />
    </div>
  );
}

function Found({ data, view }: { data: Impact; view: string }) {
  const reached = data.nodes.filter(({ distance }) => distance > 0);
  if (reached.length === 0) return <NothingReached direction={data.direction} />;
  return (
    <WithSummaries refs={[...data.groups.map(({ ref }) => ref), ...reached.flatMap(({ owner }) => owner ?? [])]}>
      <Summary data={data} reached={reached.length} />
      {view === "graph" ? (
        <Card title="Graph" flush>
          <Suspense fallback={<Loading />}><ImpactGraph data={data} /></Suspense>
        </Card>
      ) : (
        <ImpactList nodes={data.nodes} edges={data.edges} />
      )}
    </WithSummaries>
  );
}

function NothingReached({ direction }: { direction: Direction }) {
  return direction === "dependents" ? (
    <EmptyStage title="Nothing depends on this" text="No component, API or resource in the catalog would notice a change here." />
  ) : (
    <EmptyStage title="Depends on nothing" text="It declares no dependency. What it needs belongs into its file:"
      code={"spec:\n  dependsOn:\n    - resource:default/orders-db\n  consumesApis:\n    - payments\n"} />
  );
}

function Summary({ data, reached }: { data: Impact; reached: number }) {
  const { groups, direction, truncated } = data;
  const things = reached === 1 ? "1 entity" : `${reached}${truncated ? "+" : ""} entities`;
  const teams = groups.length === 1 ? "1 group" : `${groups.length} groups`;
  return (
    <section className="impact-summary" aria-live="polite">
      <p className="impact-figure">
        <strong>{things}</strong> {direction === "dependents" ? "would feel a change" : "hold it up"}
        {groups.length > 0 && <>, owned by <strong>{teams}</strong></>}
      </p>
      <ul className="impact-groups">
        {groups.map(({ ref, entities }) => (
          <li key={ref}><EntityLink to={ref} /><span className="count">{entities}</span></li>
        ))}
      </ul>
    </section>
  );
}
