/** What became of the entity, version by version: who, when, by which commit, and from what to what. */
import "./history.css";
import { Button } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { CirclePlus, CircleX, GitCommitHorizontal, PencilLine } from "lucide-react";
import { history } from "../api/queries";
import type { Cause, VersionItem } from "../api/types";
import { Card } from "../common/Card";
import { Failure } from "../common/Failure";
import { Loading } from "../common/Loading";
import { Moment } from "../common/Moment";
import { parseRef } from "../common/refs";
import { useEntityRef } from "../entity/EntityPage";
import { FieldChange } from "./FieldChange";
import { commitUrl, fieldName } from "./field";

export function HistoryTab() {
  const { data, error, refetch, fetchNextPage, hasNextPage, isFetchingNextPage } = useInfiniteQuery(history(useEntityRef()));
  if (!data) return error ? <Failure error={error} retry={() => void refetch()} /> : <Loading />;
  const versions = data.pages.flatMap(({ items }) => items);
  return (
    <Card title="Versions, newest first" flush>
      <ol className="versions" aria-label="Versions">
        {versions.map((version) => <Version key={version.version} item={version} />)}
      </ol>
      {hasNextPage && (
        <p className="versions-more">
          <Button variant="default" size="xs" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>Show older versions</Button>
        </p>
      )}
    </Card>
  );
}

const WORDS = {
  created: { icon: CirclePlus, label: "Created" },
  changed: { icon: PencilLine, label: "Changed" },
  removed: { icon: CircleX, label: "Removed" },
};

function Version({ item: { version, at, happened, cause, changes } }: { item: VersionItem }) {
  const { icon: Glyph, label } = WORDS[happened];
  const names = changes.map(({ path }) => fieldName(path)).join(", ");
  return (
    <li className="version" data-happened={happened}>
      <p className="version-line">
        <Glyph size={16} aria-hidden />
        <strong>{label}</strong>
        {(cause.author || cause.actor) && <span>by {cause.author || cause.actor}</span>}
        <span className="dim"><Moment at={at} /></span>
        <Commit cause={cause} />
        {happened !== "removed" && <AsOfLink at={at} />}
        <span className="dim version-number">version {version}</span>
      </p>
      {changes.length > 0 && (
        <details>
          <summary><span className="version-fields mono">{names}</span></summary>
          {changes.map((change) => <FieldChange key={change.path} change={change} />)}
        </details>
      )}
    </li>
  );
}

function AsOfLink({ at }: { at: string }) {
  const params = parseRef(useEntityRef());
  return <Link className="version-then" to="/catalog/$namespace/$kind/$name" params={params} search={{ asOf: at }}>See it then</Link>;
}

function Commit({ cause: { repository, commit, committed_at: at } }: { cause: Cause }) {
  if (!commit) return null;
  const href = commitUrl(repository, commit);
  const words = <><GitCommitHorizontal size={14} aria-hidden /> {commit.slice(0, 8)}</>;
  const title = at ? `${commit}, committed ${new Date(at).toLocaleString()}` : commit;
  if (!href) return <span className="version-commit mono" title={title}>{words}</span>;
  return <a className="version-commit mono" href={href} title={title} target="_blank" rel="noopener noreferrer">{words}</a>;
}
