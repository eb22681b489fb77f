/** Query strings as Backstage writes them: `filters[kind]=api&filters[tags][0]=java` are flat keys with texts. */

export type Query = Record<string, string | string[] | undefined>;

const LIST_INDEX = /\[\d*\]$/;

/** Reads a query string; a key given twice, or with an index, is a list. */
export function parseQuery(search: string): Query {
  const query: Query = {};
  for (const [raw, value] of new URLSearchParams(search)) {
    const key = raw.replace(LIST_INDEX, "");
    const before = query[key];
    if (before === undefined) query[key] = raw === key ? value : [value];
    else query[key] = [...(Array.isArray(before) ? before : [before]), value];
  }
  return query;
}

/** Writes a query string, with its question mark, or nothing; lists repeat their key. */
export function stringifyQuery(query: Record<string, unknown>): string {
  const written: string[] = [];
  for (const [key, value] of Object.entries(query)) {
    const values = Array.isArray(value) ? value : value === undefined || value === "" ? [] : [value];
    for (const one of values) written.push(`${plain(key)}=${plain(String(one))}`);
  }
  return written.length ? `?${written.join("&")}` : "";
}

/** Percent-encodes, but leaves readable what needs no encoding in a query. */
function plain(text: string): string {
  return encodeURIComponent(text).replace(/%5B/g, "[").replace(/%5D/g, "]").replace(/%3A/g, ":").replace(/%2F/g, "/");
}
