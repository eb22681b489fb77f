import { describe, expect, test } from "vitest";
import { changed, filterExpression, isNarrowed, queryParameters, readFilters, writeFilters } from "../src/catalog/filters";
import { parseQuery, stringifyQuery } from "../src/common/query-string";

describe("the catalog's address", () => {
  test("reads what Backstage writes, lists with indexes included", () => {
    const query = parseQuery("?filters%5Bkind%5D=API&filters[tags][0]=java&filters[tags][1]=web&filters[user]=all");
    expect(readFilters(query)).toMatchObject({ kind: "api", tags: ["java", "web"], whose: "all", order: "metadata.name" });
  });

  test("says the same after being written and read again", () => {
    const filters = {
      ...readFilters({}), kind: "system", whose: "owned" as const, type: "a b&c", owners: ["group:default/x", "user:a/y"],
      text: "50% off", order: "spec.owner", descending: true, cursor: "eyJ9+/=", orphans: true,
    };
    expect(readFilters(parseQuery(stringifyQuery(writeFilters(filters))))).toEqual(filters);
  });

  test("starts at the first page when anything else changes", () => {
    expect(changed({ ...readFilters({}), cursor: "c" }, { type: "service" }).cursor).toBeUndefined();
  });
});

describe("what the API is asked", () => {
  test("one key several times means or, different keys mean and", () => {
    const filters = { ...readFilters({}), lifecycles: ["production", "experimental"], tags: ["java"] };
    expect(filterExpression(filters, [])).toBe(
      "kind=component,spec.lifecycle=production,spec.lifecycle=experimental,metadata.tags=java",
    );
  });

  test("orphans are known by their annotation, and narrow the list", () => {
    const filters = readFilters(parseQuery("?filters[orphan]=true"));
    expect(filterExpression(filters, [])).toBe("kind=component,metadata.annotations.backstage.io/orphan=true");
    expect([isNarrowed(filters), isNarrowed(readFilters({}))]).toEqual([true, false]);
  });

  test("chosen owners count more than one's own", () => {
    expect(filterExpression({ ...readFilters({}), owners: ["group:default/a"] }, ["user:default/me"])).toBe(
      "kind=component,relations.ownedBy=group:default/a",
    );
  });

  test("a cursor goes alone, since it carries its filter and order", () => {
    const asked = queryParameters({ ...readFilters({}), cursor: "abc", text: "x" }, []);
    expect([...asked.keys()]).toEqual(["limit", "cursor"]);
  });
});
