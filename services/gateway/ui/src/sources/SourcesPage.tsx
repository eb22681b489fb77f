/** Where entities come from: every source, how far it was read, and what is wrong with its files. */
import { SegmentedControl } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { CircleAlert, CircleCheck, Clock, TriangleAlert } from "lucide-react";
import { useState } from "react";
import { sources } from "../api/queries";
import type { Source, SourceProblem } from "../api/types";
import { EmptyStage } from "../common/EmptyStage";
import { EntityLink } from "../common/EntityLink";
import { Failure } from "../common/Failure";
import { Loading } from "../common/Loading";
import { Moment } from "../common/Moment";
import { useTitle } from "../common/useTitle";
import { webUrl } from "../entity/annotations";
import { SourceTabs } from "./SourceTabs";
import { hasTrouble, targetOf, troubleFirst } from "./source-facts";

const EXAMPLE = `catalog:
  locations:
    - type: url
      target: https://github.com/acme/box-office/blob/main/catalog-info.yaml
`;

export function SourcesPage() {
  useTitle("Sources");
  const { data, error, refetch } = useQuery(sources);
  const [which, setWhich] = useState("all");
  const troubled = (data ?? []).filter(hasTrouble);
  const shown = troubleFirst(which === "all" ? (data ?? []) : troubled);
  return (
    <div className="page">
      <h1 className="page-title">Where entities come from</h1>
      <SourceTabs />
      {error && !data ? <Failure error={error} retry={() => void refetch()} /> : !data ? <Loading /> : data.length === 0 ? (
        <EmptyStage title="Nothing is read yet" text="Add a location to the configuration, or push to a repository of a connected Git host." code={EXAMPLE} />
      ) : (
        <>
          <SegmentedControl size="xs" aria-label="Which" value={which} onChange={setWhich}
            data={[{ value: "all", label: `All (${data.length})` }, { value: "trouble", label: `With problems (${troubled.length})` }]} />
          <ul className="sources">{shown.map((source) => <SourceEntry key={source.id} source={source} />)}</ul>
          {shown.length === 0 && <p className="hint">No source has a problem.</p>}
        </>
      )}
    </div>
  );
}

const STATES = {
  ok: { icon: CircleCheck, label: "Read" },
  failed: { icon: CircleAlert, label: "Failed" },
  pending: { icon: Clock, label: "Waiting to be read" },
};

function SourceEntry({ source }: { source: Source }) {
  const look = STATES[source.state] ?? STATES.pending;
  const Glyph = source.state === "ok" && hasTrouble(source) ? TriangleAlert : look.icon;
  const link = webUrl(source.repository);
  const target = targetOf(source);
  return (
    <li className="source card" data-state={source.state} data-trouble={hasTrouble(source) || undefined}>
      <div className="source-line">
        <span className="source-state" role="img" aria-label={look.label}><Glyph size={17} aria-hidden /></span>
        <div className="source-words">
          {link ? <a className="source-target" href={link} target="_blank" rel="noopener noreferrer">{target}</a> : <span className="source-target">{target}</span>}
          <span className="dim source-facts">
            <span>{look.label}{source.readAt && <> <Moment at={source.readAt} /></>}</span>
            {source.branch && <span>{source.branch}</span>}
            {source.commit && <span className="mono" title={source.commit}>{source.commit.slice(0, 10)}</span>}
          </span>
        </div>
      </div>
      {source.problems.length > 0 && (
        <ul className="problems">{source.problems.map((problem, at) => <Problem key={at} problem={problem} />)}</ul>
      )}
    </li>
  );
}

function Problem({ problem: { level, message, path, line, field, entityRef } }: { problem: SourceProblem }) {
  const where = [path && (line ? `${path}:${line}` : path), field].filter(Boolean).join(" · ");
  return (
    <li className="problem" data-level={level}>
      {where && <span className="mono problem-place">{where}</span>}
      <span>{message}</span>
      {entityRef && <EntityLink to={entityRef} missing={false} />}
    </li>
  );
}
