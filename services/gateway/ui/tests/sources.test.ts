import { expect, test } from "vitest";
import type { Source, Unprocessed, UnprocessedError } from "../src/api/types";
import { hasTrouble, stillToRead, targetOf, troubleFirst } from "../src/sources/source-facts";
import { nameOf, placeOf } from "../src/sources/unprocessed-facts";

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

test("what waits for its first reading is still to be read, and what is read again is not", () => {
  const first = source({ state: "pending" });
  const again = source({ state: "pending", readAt: "2026-11-22T10:00:00Z" });
  expect(stillToRead([first, again, source({}), source({ state: "failed" })])).toBe(1);
  expect(stillToRead(undefined)).toBe(0);
});

const failing = (more: Partial<Unprocessed>): Unprocessed => ({
  link: "", entity_id: "1", entity_ref: "component:default/a", unprocessed_entity: {}, errors: [], location_key: "url:x",
  next_update_at: "", last_discovery_at: "", ...more,
});

test("what fails is named by its ref, and what only stands for a file by where that is", () => {
  const spec = { type: "url", target: "https://git.example.org/x/blob/main/a.yaml" };
  expect(nameOf(failing({}))).toBe("component:default/a");
  expect(nameOf(failing({ entity_ref: "location:default/generated-0a", unprocessed_entity: { spec } }))).toBe(spec.target);
  expect(nameOf(failing({ entity_ref: "location:default/mine", unprocessed_entity: { spec } }))).toBe("location:default/mine");
});

test("a place is said as far as it is known", () => {
  const error = { name: "InputError", message: "", cause: { name: "InputError", message: "", stack: "" } };
  expect(placeOf({ ...error, path: "a.yaml", line: 3, field: "spec.owner" } as UnprocessedError)).toBe("a.yaml:3 · spec.owner");
  expect(placeOf({ ...error, path: "a.yaml" } as UnprocessedError)).toBe("a.yaml");
  expect(placeOf(error as UnprocessedError)).toBe("");
});
