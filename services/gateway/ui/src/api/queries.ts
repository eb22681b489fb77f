/** What the UI asks for, with the cache keys that live updates invalidate. */
import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { formatRef, parseRef, refPath } from "../common/refs";
import { ApiError, get, post } from "./client";
import type {
  Blame, Direction, Orphan, DocsMetadata, DocsPage, Entity, EntityPage, Facets, HistoryPage, Impact, Kind, Neighbors, Providers,
  ProposalPage, ProvidersAnswer, SearchResults, Session, Source, UnprocessedList,
} from "./types";

/** The first part of each cache key: the vocabulary of `live/invalidation`. */
export const KEY = {
  entity: "entity",
  entities: "entities",
  facets: "facets",
  impact: "impact",
  neighbors: "neighbors",
  docs: "docs",
  history: "history",
  kinds: "kinds",
  past: "past",
  search: "search",
  sources: "sources",
  session: "session",
} as const;

export const session = queryOptions({
  queryKey: [KEY.session],
  queryFn: ({ signal }) => get<Session>("/api/auth/session", signal),
  staleTime: 60_000,
});

const providersOf = ({ providers: all }: ProvidersAnswer): Providers => ({
  guest: all.some(({ type }) => type === "guest"),
  providers: all.filter(({ type }) => type !== "guest"),
});

export const providers = queryOptions({
  queryKey: [KEY.session, "providers"],
  queryFn: async ({ signal }) => providersOf(await get<ProvidersAnswer>("/api/auth/providers", signal)),
});

/** Where an answer is kept: one of the past for itself, since nothing that happens makes it untrue. */
const kept = (asOf: string | undefined, key: readonly unknown[]) => (asOf ? [KEY.past, asOf, ...key] : key);

function dated(path: string, asOf: string | undefined): string {
  return asOf ? `${path}${path.includes("?") ? "&" : "?"}asOf=${encodeURIComponent(asOf)}` : path;
}

export const entityByRef = (ref: string, asOf?: string) =>
  queryOptions({
    queryKey: kept(asOf, [KEY.entity, formatRef(parseRef(ref))]),
    queryFn: ({ signal }) => get<Entity>(dated(`/api/catalog/entities/by-name/${refPath(ref)}`, asOf), signal),
  });

/** All kinds: what they are called, and what the catalog adds to their entities. */
export const kinds = queryOptions({
  queryKey: [KEY.kinds],
  queryFn: async ({ signal }) => (await get<{ items: Kind[] }>("/api/catalog/kinds", signal)).items,
  staleTime: Number.POSITIVE_INFINITY,
});

/** The fields that a list row shows; definitions and other large parts stay on the server. */
const LIST_FIELDS = [
  "kind", "metadata.name", "metadata.namespace", "metadata.title", "metadata.description", "metadata.tags",
  "spec.type", "spec.lifecycle", "spec.owner", "spec.profile", "spec.target", "relations", "status",
].join(",");

export const entitiesByQuery = (parameters: URLSearchParams) => {
  const asked = new URLSearchParams(parameters);
  asked.set("fields", LIST_FIELDS);
  return queryOptions({
    queryKey: [KEY.entities, "query", asked.toString()],
    queryFn: ({ signal }) => get<EntityPage>(`/api/catalog/entities/by-query?${asked}`, signal),
    placeholderData: keepPreviousData,
  });
};

export const facets = (names: string[], filter?: string) => {
  const asked = new URLSearchParams(names.map((name) => ["facet", name]));
  if (filter) asked.set("filter", filter);
  return queryOptions({
    queryKey: [KEY.facets, asked.toString()],
    queryFn: ({ signal }) => get<Facets>(`/api/catalog/entity-facets?${asked}`, signal),
    placeholderData: keepPreviousData,
  });
};

/** Titles and kinds of many refs at once; null where nothing of that name is in the catalog. */
export const summaries = (refs: string[], asOf?: string) => {
  const distinct = [...new Set(refs)].sort();
  const fields = ["kind", "metadata.name", "metadata.namespace", "metadata.title", "metadata.description", "spec.type",
    "spec.lifecycle", "spec.owner", "spec.profile"];
  return queryOptions({
    queryKey: kept(asOf, [KEY.entities, "refs", distinct]),
    queryFn: async ({ signal }) => {
      const answer = await post<{ items: (Entity | null)[] }>(
        dated("/api/catalog/entities/by-refs", asOf), { entityRefs: distinct, fields }, signal,
      );
      return new Map(distinct.map((ref, at) => [ref, answer.items[at] ?? null]));
    },
    enabled: distinct.length > 0,
    placeholderData: keepPreviousData,
  });
};

export const impact = (ref: string, direction: Direction, depth: number | undefined, asOf?: string) => {
  const asked = new URLSearchParams({ direction, ...(depth ? { depth: String(depth) } : {}) });
  return queryOptions({
    queryKey: kept(asOf, [KEY.impact, ref, asked.toString()]),
    queryFn: ({ signal }) => get<Impact>(dated(`/api/graph/impact/${refPath(ref)}?${asked}`, asOf), signal),
    placeholderData: keepPreviousData,
  });
};

export const neighbors = (ref: string, depth: number, asOf?: string) =>
  queryOptions({
    queryKey: kept(asOf, [KEY.neighbors, ref, depth]),
    queryFn: ({ signal }) => get<Neighbors>(dated(`/api/graph/neighbors/${refPath(ref)}?depth=${depth}`, asOf), signal),
    placeholderData: keepPreviousData,
  });

/** The versions of an entity, newest first, a page at a time. */
export const history = (ref: string) =>
  infiniteQueryOptions({
    queryKey: [KEY.history, ref, "versions"],
    queryFn: ({ signal, pageParam }) => {
      const before = pageParam === null ? "" : `?before=${pageParam}`;
      return get<HistoryPage>(`/api/history/entities/${refPath(ref)}${before}`, signal);
    },
    initialPageParam: null as number | null,
    getNextPageParam: ({ nextBefore }) => nextBefore ?? undefined,
  });

/** For each field of an entity the version that brought it. */
export const blame = (ref: string) =>
  queryOptions({
    queryKey: [KEY.history, ref, "blame"],
    queryFn: ({ signal }) => get<Blame>(`/api/history/entities/${refPath(ref)}/blame`, signal),
  });

/** Documentation lives under namespace, kind, name: the order Backstage gave its docs paths. */
export function docsPath(ref: string): string {
  const { kind, namespace, name } = parseRef(ref);
  return [namespace, kind, name].map(encodeURIComponent).join("/");
}

const encodePath = (path: string) => path.split("/").map(encodeURIComponent).join("/");

export const docsMetadata = (ref: string) =>
  queryOptions({
    queryKey: [KEY.docs, ref, "metadata"],
    queryFn: ({ signal }) => get<DocsMetadata>(`/api/techdocs/metadata/techdocs/${docsPath(ref)}`, signal),
    retry: (count, error) => !(error instanceof ApiError && error.status === 404) && count < 2,
  });

export const docsPage = (ref: string, path: string) =>
  queryOptions({
    queryKey: [KEY.docs, ref, "page", path],
    queryFn: ({ signal }) => get<DocsPage>(`/api/techdocs/pages/${docsPath(ref)}/${encodePath(path)}`, signal),
  });

export interface SearchAsk {
  term: string;
  types?: string[];
  kind?: string | undefined;
  limit: number;
  cursor?: string | undefined;
}

export const search = ({ term, types, kind, limit, cursor }: SearchAsk) => {
  const asked = new URLSearchParams({ term, pageLimit: String(limit) });
  (types ?? []).forEach((type) => asked.append("types[]", type));
  if (kind) asked.set("filters[kind]", kind);
  if (cursor) asked.set("pageCursor", cursor);
  return queryOptions({
    queryKey: [KEY.search, asked.toString()],
    queryFn: ({ signal }) => get<SearchResults>(`/api/search/query?${asked}`, signal),
    placeholderData: keepPreviousData,
    staleTime: 5_000,
  });
};

export const sources = queryOptions({
  queryKey: [KEY.sources],
  queryFn: ({ signal }) => get<Source[]>("/api/catalog/sources", signal),
  // What an event announced is followed by `live/source-reads`; this is for reads that no event announces.
  refetchInterval: 60_000,
});

/** What nothing declares any more: it changes with the sources. */
export const orphans = queryOptions({
  queryKey: [KEY.sources, "orphans"],
  queryFn: ({ signal }) => get<Orphan[]>("/api/catalog/orphans", signal),
});

/** What fails, or what was never read: it changes with the sources. */
export const unprocessed = (which: "failed" | "pending") =>
  queryOptions({
    queryKey: [KEY.sources, "unprocessed", which],
    queryFn: async ({ signal }) => (await get<UnprocessedList>(`/api/catalog/entities/unprocessed/${which}`, signal)).entities,
    refetchInterval: 60_000,
  });

/** Repositories that declare nothing yet, some at a time: those that wait for a person, or those that were dismissed. */
export const proposals = (dismissed: boolean) =>
  infiniteQueryOptions({
    queryKey: [KEY.sources, "proposals", dismissed],
    queryFn: ({ signal, pageParam }) => {
      const asked = new URLSearchParams({ dismissed: String(dismissed), after: pageParam });
      return get<ProposalPage>(`/api/catalog/proposals?${asked}`, signal);
    },
    initialPageParam: "",
    getNextPageParam: (page) => page.after,
  });

/** Entities that declare documentation, by name. */
export const documented = queryOptions({
  queryKey: [KEY.entities, "documented"],
  queryFn: ({ signal }) => {
    const asked = new URLSearchParams({ limit: "500", orderField: "metadata.name,asc", fields: LIST_FIELDS });
    asked.set("filter", "metadata.annotations.backstage.io/techdocs-ref");
    return get<EntityPage>(`/api/catalog/entities/by-query?${asked}`, signal);
  },
});
