/** All results, by type, page by page. */
import { Button, SegmentedControl, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useRouter, useSearch } from "@tanstack/react-router";
import { Search } from "lucide-react";
import { useEffect, useState, type MouseEvent } from "react";
import { search } from "../api/queries";
import type { SearchHit, SearchResults } from "../api/types";
import { EmptyStage } from "../common/EmptyStage";
import { Failure } from "../common/Failure";
import { Loading } from "../common/Loading";
import { useTitle } from "../common/useTitle";
import { HitContent } from "./HitContent";
import { pathOf } from "./hits";

const TYPES = [
  { value: "", label: "Everything" },
  { value: "software-catalog", label: "Catalog" },
  { value: "techdocs", label: "Documentation" },
];

export function SearchPage() {
  const { query = "", type = "", cursor } = useSearch({ from: "/shell/search" });
  useTitle(query ? `${query} · Search` : "Search");
  const navigate = useNavigate();
  const ask = { term: query, types: type ? [type] : [], limit: 25, cursor };
  const { data, error, refetch } = useQuery({ ...search(ask), enabled: query !== "" });
  const change = (wanted: { query?: string; type?: string; cursor?: string }) =>
    void navigate({ to: "/search", search: { query, type, ...wanted }, replace: "query" in wanted });
  return (
    <div className="page search-page">
      <h1 className="page-title">Search</h1>
      <TermInput term={query} onChange={(term) => change({ query: term })} />
      <SegmentedControl size="xs" aria-label="What to search" value={type} data={TYPES} onChange={(value) => change({ type: value })} />
      {query === "" ? (
        <p className="hint">Type a name, a tag, or words from the docs. Small mistakes in spelling are forgiven.</p>
      ) : error && !data ? (
        <Failure error={error} retry={() => void refetch()} />
      ) : !data ? <Loading /> : data.results.length === 0 ? (
        <EmptyStage title="Nothing found" text={<>Nothing says “{query}”{type ? " among these" : ""}.</>}>
          {type && <Button onClick={() => change({ type: "" })}>Search everything</Button>}
        </EmptyStage>
      ) : (
        <Results data={data} onPage={(page) => change({ cursor: page })} />
      )}
    </div>
  );
}

function TermInput({ term, onChange }: { term: string; onChange: (term: string) => void }) {
  const [typed, setTyped] = useState(term);
  const send = useDebouncedCallback(onChange, 150);
  useEffect(() => setTyped(term), [term]);
  return (
    <TextInput size="md" leftSection={<Search size={17} />} aria-label="Search" placeholder="Entities, docs, APIs" autoFocus
      value={typed}
      onChange={(event) => {
        setTyped(event.currentTarget.value);
        send(event.currentTarget.value);
      }} />
  );
}

function Results({ data, onPage }: { data: SearchResults; onPage: (cursor: string) => void }) {
  const { results, numberOfResults, nextPageCursor, previousPageCursor } = data;
  return (
    <>
      {numberOfResults !== undefined && <p className="dim" role="status">{numberOfResults.toLocaleString()} found</p>}
      <ol className="hits">{results.map((hit) => <Hit key={`${hit.type} ${hit.document.location}`} hit={hit} />)}</ol>
      {(nextPageCursor || previousPageCursor) && (
        <nav className="pager" aria-label="Pages">
          <span className="pager-buttons">
            <Button size="xs" variant="default" disabled={!previousPageCursor} onClick={() => onPage(previousPageCursor ?? "")}>Previous</Button>
            <Button size="xs" variant="default" disabled={!nextPageCursor} onClick={() => onPage(nextPageCursor ?? "")}>Next</Button>
          </span>
        </nav>
      )}
    </>
  );
}

function Hit({ hit }: { hit: SearchHit }) {
  const router = useRouter();
  const href = pathOf(hit);
  const go = (event: MouseEvent) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    router.history.push(href);
  };
  return <li><a className="hit" href={href} onClick={go}><HitContent hit={hit} /></a></li>;
}
