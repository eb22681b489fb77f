/** The catalog list's state: all of it in the query string, under Backstage's names. */
import type { Query } from "../common/query-string";

/** Where an entity says that nothing declares it any more. */
export const ORPHAN = "metadata.annotations.backstage.io/orphan";

export type Whose = "owned" | "all";

export interface Filters {
  kind: string;
  whose: Whose | undefined;
  type: string | undefined;
  owners: string[];
  lifecycles: string[];
  tags: string[];
  orphans: boolean;
  text: string;
  order: string;
  descending: boolean;
  cursor: string | undefined;
}

const one = (value: string | string[] | undefined) => (Array.isArray(value) ? value[0] : value) || undefined;
const many = (value: string | string[] | undefined) => (Array.isArray(value) ? value : value ? [value] : []);

export function readFilters(query: Query): Filters {
  const whose = one(query["filters[user]"]);
  const sort = one(query.sort) ?? "metadata.name";
  return {
    kind: (one(query["filters[kind]"]) ?? "component").toLowerCase(),
    whose: whose === "owned" || whose === "all" ? whose : undefined,
    type: one(query["filters[type]"]),
    owners: many(query["filters[owners]"]),
    lifecycles: many(query["filters[lifecycles]"]),
    tags: many(query["filters[tags]"]),
    orphans: one(query["filters[orphan]"]) === "true",
    text: one(query["filters[text]"]) ?? "",
    order: sort.replace(/^-/, ""),
    descending: sort.startsWith("-"),
    cursor: one(query.cursor),
  };
}

export function writeFilters(filters: Filters): Query {
  const sort = `${filters.descending ? "-" : ""}${filters.order}`;
  return {
    "filters[kind]": filters.kind,
    "filters[user]": filters.whose,
    "filters[type]": filters.type,
    "filters[owners]": filters.owners,
    "filters[lifecycles]": filters.lifecycles,
    "filters[tags]": filters.tags,
    "filters[orphan]": filters.orphans ? "true" : undefined,
    "filters[text]": filters.text || undefined,
    sort: sort === "metadata.name" ? undefined : sort,
    cursor: filters.cursor,
  };
}

/** Any change of what is asked starts again at the first page. */
export function changed(filters: Filters, change: Partial<Filters>): Filters {
  return { ...filters, cursor: undefined, ...change };
}

/** The `filter` of the REST API: commas mean and, one key given several times means or. */
export function filterExpression(filters: Filters, mine: readonly string[]): string {
  const parts = [`kind=${filters.kind}`];
  if (filters.type) parts.push(`spec.type=${filters.type}`);
  const owners = filters.owners.length ? filters.owners : mine;
  parts.push(...owners.map((ref) => `relations.ownedBy=${ref}`));
  parts.push(...filters.lifecycles.map((value) => `spec.lifecycle=${value}`));
  parts.push(...filters.tags.map((value) => `metadata.tags=${value}`));
  if (filters.orphans) parts.push(`${ORPHAN}=true`);
  return parts.join(",");
}

export const PAGE_SIZE = 50;

/** Parameters of `GET /entities/by-query`; a cursor carries its own filter and order. */
export function queryParameters(filters: Filters, mine: readonly string[]): URLSearchParams {
  const asked = new URLSearchParams({ limit: String(PAGE_SIZE) });
  if (filters.cursor) {
    asked.set("cursor", filters.cursor);
    return asked;
  }
  asked.set("filter", filterExpression(filters, mine));
  asked.set("orderField", `${filters.order},${filters.descending ? "desc" : "asc"}`);
  if (filters.text) {
    asked.set("fullTextFilterTerm", filters.text);
    asked.set("fullTextFilterFields", "metadata.name,metadata.title,metadata.description,spec.profile.displayName");
  }
  return asked;
}

/** Whether anything but the kind narrows the list. */
export function isNarrowed(filters: Filters): boolean {
  const lists = [filters.owners, filters.lifecycles, filters.tags];
  const chosen = filters.type || filters.text || filters.orphans;
  return Boolean(chosen || filters.whose === "owned" || lists.some((list) => list.length));
}
