import { expect, test } from "vitest";
import { stringify } from "yaml";
import { blamedLines } from "../src/history/blame";
import { lineDiff, nearChanges } from "../src/history/diff";
import { commitUrl, fieldName, valueText } from "../src/history/field";

const told = (before: string, after: string) => lineDiff(before, after).map(({ change, text }) => `${change} ${text}`);

test("a diff keeps what both have, in order", () => {
  expect(told("a\nb\nc\nd", "a\nc\nx\nd")).toEqual(["same a", "lost b", "same c", "gained x", "same d"]);
  expect(told("", "a")).toEqual(["gained a"]);
  expect(told("a\na", "a")).toEqual(["same a", "lost a"]);
  expect(told("same", "same")).toEqual(["same same"]);
});

test("two texts that have nothing in common are told whole, however long they are", () => {
  const [before, after] = ["a", "b"].map((each) => Array.from({ length: 3000 }, (_, at) => `${each}${at}`).join("\n"));
  expect(lineDiff(before!, after!)).toHaveLength(6000);
});

test("lines far from a change are left out, a gap with one mark", () => {
  const before = Array.from({ length: 20 }, (_, at) => String(at)).join("\n");
  const shown = nearChanges(lineDiff(before, before.replace("10\n", "ten\n"))).map((line) => line?.text ?? "…");
  expect(shown).toEqual(["…", "8", "9", "10", "ten", "11", "12", "…"]);
});

test("fields and values are named as in a catalog file", () => {
  expect(fieldName("/metadata/annotations/backstage.io~1edit-url")).toBe("metadata.annotations.backstage.io/edit-url");
  expect(valueText(["a", "b"])).toBe("- a\n- b");
  expect([valueText(null), valueText(false), valueText("x")]).toEqual(["", "false", "x"]);
});

test("a commit is a link where its repository is on the web", () => {
  expect(commitUrl("https://github.com/acme/orders", "ab12")).toBe("https://github.com/acme/orders/commit/ab12");
  expect(commitUrl("https://bitbucket.org/acme/orders.git", "ab12")).toBe("https://bitbucket.org/acme/orders/commits/ab12");
  expect(commitUrl("/srv/catalog", "ab12")).toBeUndefined();
  expect(commitUrl("https://github.com/acme/orders", "")).toBeUndefined();
});

test("each line of an entity knows the version that brought it", () => {
  const entity = {
    kind: "API",
    metadata: { name: "a", annotations: { "acme.io/x": "1" }, etag: "untold" },
    spec: { definition: "one: 1\ntwo: 2\n", tags: ["x", "y"] },
  };
  const cause = { repository: "", commit: "", author: "", actor: "", committed_at: null };
  const fields = [
    ["/kind", 1], ["/metadata/annotations/acme.io~1x", 2], ["/metadata/name", 1], ["/spec/definition", 3], ["/spec/tags", 4],
  ].map(([path, version]) => ({ path: String(path), version: Number(version), value: null, at: "", cause }));
  const text = stringify(entity);
  const lines = blamedLines(text, fields as Parameters<typeof blamedLines>[1]).map((field) => field?.version ?? 0);
  expect(text.trimEnd().split("\n").map((line, at) => `${lines[at]} ${line}`)).toEqual([
    "1 kind: API", "0 metadata:", "1   name: a", "0   annotations:", '2     acme.io/x: "1"', "0   etag: untold",
    "0 spec:", "3   definition: |", "3     one: 1", "3     two: 2", "4   tags:", "4     - x", "4     - y",
  ]);
});
