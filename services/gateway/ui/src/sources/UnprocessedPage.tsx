/** What files declare and the catalog does not show as it stands there: with the place to mend, and a way to try again. */
import { Button, SegmentedControl } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { CircleAlert, Clock, RotateCw, TriangleAlert } from "lucide-react";
import { useState } from "react";
import { tryAgain } from "../api/acts";
import { KEY, unprocessed } from "../api/queries";
import type { Unprocessed, UnprocessedError } from "../api/types";
import { EmptyStage } from "../common/EmptyStage";
import { EntityLink } from "../common/EntityLink";
import { Failure } from "../common/Failure";
import { Loading } from "../common/Loading";
import { Moment } from "../common/Moment";
import { Outcome } from "../common/Outcome";
import { useTitle } from "../common/useTitle";
import { webUrl } from "../entity/annotations";
import { SourceTabs } from "./SourceTabs";
import { nameOf, placeOf } from "./unprocessed-facts";

type Which = "failed" | "pending";

const NOTHING = {
  failed: { title: "Nothing fails", text: "Every entity that the sources declare is in the catalog as its file says." },
  pending: { title: "Nothing waits", text: "Every source has been read at least once." },
};

export function UnprocessedPage() {
  useTitle("Unprocessed entities");
  const [which, setWhich] = useState<Which>("failed");
  const failed = useQuery(unprocessed("failed"));
  const pending = useQuery(unprocessed("pending"));
  const { data, error, refetch } = which === "failed" ? failed : pending;
  const counted = (label: string, all?: Unprocessed[]) => (all ? `${label} (${all.length})` : label);
  return (
    <div className="page">
      <h1 className="page-title">Where entities come from</h1>
      <SourceTabs />
      <SegmentedControl size="xs" aria-label="Which" value={which} onChange={(value) => setWhich(value as Which)}
        data={[{ value: "failed", label: counted("Failed", failed.data) }, { value: "pending", label: counted("Waiting", pending.data) }]} />
      {error && !data ? <Failure error={error} retry={() => void refetch()} /> : !data ? <Loading />
        : data.length === 0 ? <EmptyStage {...NOTHING[which]} />
        : <ul className="sources">{data.map((each) => <Entry key={`${each.entity_id} ${each.location_key}`} each={each} which={which} />)}</ul>}
    </div>
  );
}

function Entry({ each, which }: { each: Unprocessed; which: Which }) {
  const Glyph = which === "pending" ? Clock : each.processed_entity ? TriangleAlert : CircleAlert;
  const link = webUrl(each.link);
  const name = nameOf(each);
  return (
    <li className="source card" data-state={which} data-trouble={each.processed_entity ? true : undefined}>
      <div className="source-line">
        <span className="source-state" role="img" aria-label={which === "failed" ? "Failed" : "Waiting"}><Glyph size={17} aria-hidden /></span>
        <div className="source-words">
          {each.processed_entity ? <EntityLink to={each.entity_ref} missing={false} />
            : link ? <a className="source-target" href={link} target="_blank" rel="noopener noreferrer">{name}</a>
            : <span className="source-target">{name}</span>}
          <span className="dim source-facts">
            {each.processed_entity && <span>Its last good version is shown</span>}
            {which === "failed" && <span>Last tried <Moment at={each.last_discovery_at} /></span>}
            <span className="mono">{each.location_key}</span>
          </span>
        </div>
        <TryAgain each={each} />
      </div>
      {each.errors.length > 0 && <ul className="problems">{each.errors.map((error, at) => <Trouble key={at} error={error} />)}</ul>}
    </li>
  );
}

function Trouble({ error }: { error: UnprocessedError }) {
  const place = placeOf(error);
  const link = webUrl(error.link);
  return (
    <li className="problem" data-level="error">
      {place && (link ? <a className="mono problem-place" href={link} target="_blank" rel="noopener noreferrer">{place}</a>
        : <span className="mono problem-place">{place}</span>)}
      <span>{error.cause.message}</span>
    </li>
  );
}

function TryAgain({ each }: { each: Unprocessed }) {
  const client = useQueryClient();
  const { mutate, isPending, error, data } = useMutation({
    mutationFn: () => tryAgain(each.entity_ref),
    onSettled: () => client.invalidateQueries({ queryKey: [KEY.sources] }),
  });
  return (
    <div className="source-act">
      <Button size="compact-sm" variant="default" leftSection={<RotateCw size={13} aria-hidden />} loading={isPending} onClick={() => mutate()}
        aria-label={`Try ${nameOf(each)} again`}>Try again</Button>
      <Outcome error={error} done={data} />
    </div>
  );
}
