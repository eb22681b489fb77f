/** Everything in the catalog that has documentation. */
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { TextInput } from "@mantine/core";
import { Search } from "lucide-react";
import { useState } from "react";
import { documented } from "../api/queries";
import type { Entity } from "../api/types";
import { EmptyStage } from "../common/EmptyStage";
import { EntityLinks, WithSummaries } from "../common/EntityLink";
import { Failure } from "../common/Failure";
import { KindIcon, useLook } from "../common/kinds";
import { Loading } from "../common/Loading";
import { refOf, targets, titleOf } from "../common/refs";
import { useTitle } from "../common/useTitle";
import { useJustChanged } from "../live/LiveProvider";
import { docsParams } from "./addresses";

const EXAMPLE = `metadata:
  annotations:
    backstage.io/techdocs-ref: dir:.
`;

export function DocsHome() {
  useTitle("Documentation");
  const { data, error, refetch } = useQuery(documented);
  const [typed, setTyped] = useState("");
  const wanted = typed.trim().toLowerCase();
  const found = (data?.items ?? []).filter((one) => `${titleOf(one)} ${one.metadata.description ?? ""}`.toLowerCase().includes(wanted));
  return (
    <div className="page">
      <h1 className="page-title">Documentation</h1>
      {error && !data ? <Failure error={error} retry={() => void refetch()} /> : !data ? <Loading /> : data.items.length === 0 ? (
        <EmptyStage title="No documentation yet" code={EXAMPLE}
          text={<>Add this annotation to a <code>catalog-info.yaml</code> with Markdown under <code>docs/</code> beside it.</>} />
      ) : (
        <>
          <Narrow value={typed} onChange={setTyped} />
          <WithSummaries refs={found.flatMap((one) => targets(one, "ownedBy"))}>
            <ul className="shelf">{found.map((one) => <Book key={refOf(one)} entity={one} />)}</ul>
          </WithSummaries>
          {found.length === 0 && <p className="hint">No documentation is called like that. Full-text search looks inside the pages too.</p>}
        </>
      )}
    </div>
  );
}

function Narrow({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const navigate = useNavigate();
  return (
    <form role="search" onSubmit={(event) => {
      event.preventDefault();
      void navigate({ to: "/search", search: { query: value, type: "techdocs" } });
    }}>
      <TextInput size="sm" maw={420} leftSection={<Search size={15} />} aria-label="Find documentation"
        placeholder="Find by name; Enter searches inside the pages" value={value} onChange={(event) => onChange(event.currentTarget.value)} />
    </form>
  );
}

function Book({ entity }: { entity: Entity }) {
  const ref = refOf(entity);
  const fresh = useJustChanged(ref);
  const { label } = useLook(entity.kind);
  return (
    <li className="book" data-fresh={fresh || undefined}>
      <KindIcon kind={entity.kind} size={18} />
      <Link className="book-title" to="/docs/$namespace/$kind/$name/$" params={docsParams(ref)}>{titleOf(entity)}</Link>
      <p>{entity.metadata.description ?? label}</p>
      <footer><EntityLinks refs={targets(entity, "ownedBy")} /></footer>
    </li>
  );
}
