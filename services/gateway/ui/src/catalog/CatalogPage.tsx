/** The catalog: every entity of a kind, narrowed, ordered, and live. */
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback, useMemo } from "react";
import { entitiesByQuery } from "../api/queries";
import { Failure } from "../common/Failure";
import { useLook } from "../common/kinds";
import { useTitle } from "../common/useTitle";
import { EntityTable } from "./EntityTable";
import { FilterBar } from "./FilterBar";
import { changed, queryParameters, readFilters, writeFilters, type Filters } from "./filters";
import { KindTabs } from "./KindTabs";
import { NothingFound } from "./NothingFound";
import { Pager } from "./Pager";
import { useOwnership } from "./useOwnership";

export function CatalogPage() {
  const { filters, change } = useFilters();
  const list = useEntityList(filters);
  const { plural } = useLook(filters.kind);
  useTitle(plural);
  return (
    <div className="page">
      <h1 className="page-title">Catalog</h1>
      <KindTabs current={filters.kind} onChange={(kind) => change(sameOwnerOf(filters, kind))} />
      <FilterBar filters={filters} whose={list.whose} ownable={list.ownable} change={change} />
      {list.fellBack && (
        <p className="hint">
          {list.known
            ? `You own no ${plural.toLowerCase()} yet, so all of them are shown.`
            : "You belong to no group in the catalog, so everything is shown."}
        </p>
      )}
      {list.error ? (
        <Failure error={list.error} retry={list.retry} />
      ) : list.page?.items.length === 0 ? (
        <NothingFound filters={filters} change={change} />
      ) : (
        <EntityTable filters={filters} change={change} page={list.page} stale={list.stale} />
      )}
      <Pager page={list.page} filters={filters} whose={list.whose} change={change} />
    </div>
  );
}

/** Another kind keeps whose entities are shown, and drops what means nothing there. */
function sameOwnerOf({ whose, text }: Filters, kind: string): Filters {
  return { ...readFilters({}), kind, whose, text };
}

function useFilters() {
  const query = useSearch({ from: "/shell/catalog" });
  const navigate = useNavigate();
  const filters = useMemo(() => readFilters(query), [query]);
  const change = useCallback(
    (wanted: Partial<Filters>) =>
      void navigate({ to: "/catalog", search: writeFilters(changed(filters, wanted)), replace: "text" in wanted }),
    [filters, navigate],
  );
  return { filters, change };
}

/** Owned first; when that is empty and nobody asked for it, all, and it says so. */
function useEntityList(filters: Filters) {
  const { refs, loading } = useOwnership();
  const ownable = !["user", "group", "location"].includes(filters.kind);
  const wantsOwned = filters.whose === "owned" || (filters.whose === undefined && ownable && refs.length > 0);
  const mine = wantsOwned ? refs : [];
  const owned = useQuery({ ...entitiesByQuery(queryParameters(filters, mine)), enabled: !loading });
  const narrowed = filters.text || filters.type || filters.owners.length;
  const fellBack = ownable && filters.whose === undefined && !narrowed && !loading
    && (refs.length === 0 || owned.data?.totalItems === 0);
  const all = useQuery({ ...entitiesByQuery(queryParameters(filters, [])), enabled: fellBack && refs.length > 0 });
  const shown = fellBack && refs.length > 0 ? all : owned;
  return {
    page: shown.data,
    error: shown.data ? null : shown.error,
    retry: () => void shown.refetch(),
    stale: shown.isPlaceholderData,
    whose: wantsOwned && !fellBack ? ("owned" as const) : ("all" as const),
    ownable,
    fellBack: fellBack && !shown.isPending,
    known: refs.length > 0,
  };
}
