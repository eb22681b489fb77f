import { expect, test } from "vitest";
import type { Source } from "../src/api/types";
import { hasTrouble, targetOf, troubleFirst } from "../src/sources/source-facts";

const source = (more: Partial<Source>): Source => ({ id: "url:x", repository: "https://git.example.org/x", state: "ok", problems: [], ...more });

test("a source is named by its repository and path, and what has neither by its name", () => {
  expect(targetOf(source({}))).toBe("https://git.example.org/x");
  expect(targetOf(source({ path: "a.yaml" }))).toBe("https://git.example.org/x · a.yaml");
  expect(targetOf(source({ id: "file:/a.yaml", repository: "", path: "/a.yaml" }))).toBe("/a.yaml");
  expect(targetOf(source({ id: "provider:mine", repository: "" }))).toBe("provider:mine");
});

test("trouble comes first, and what is told for information only is none", () => {
  const failed = source({ id: "provider:mine", repository: "", state: "failed" });
  const warned = source({ id: "url:b", problems: [{ level: "warning", message: "b" }] });
  const told = source({ id: "url:c", problems: [{ level: "info", message: "c" }] });
  expect([failed, warned, told].map(hasTrouble)).toEqual([true, true, false]);
  expect(troubleFirst([told, warned, failed])).toEqual([failed, warned, told]);
});
