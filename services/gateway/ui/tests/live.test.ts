import { expect, test } from "vitest";
import { Batch } from "../src/live/batch";
import { keysFor } from "../src/live/invalidation";
import { SourceReads } from "../src/live/source-reads";
import { pauseBefore } from "../src/live/stream";
import { Hand } from "./hand";

test("a first event is handed over within 100 ms, a flood in few batches", () => {
  const hand = new Hand();
  const batches: number[][] = [];
  const batch = new Batch<number>((items) => batches.push(items), hand);
  batch.add(1);
  hand.advance(100);
  expect(batches).toEqual([[1]]);
  for (let at = 101; at < 700; at += 1) {
    batch.add(at);
    hand.advance(at);
  }
  expect(batches.length).toBeLessThanOrEqual(3);
});

test("an entity's change makes its own page, and every list and graph, be asked again, each once", () => {
  const change = { topic: "graph" as const, ref: "component:default/a" };
  const keys = keysFor([change, change]).map((key) => key.join(" "));
  expect(keys).toContain("entity component:default/a");
  expect(keys).toContain("entities");
  expect(keys).toContain("impact");
  expect(new Set(keys).size).toBe(keys.length);
});

test("built docs leave the catalog's lists alone", () => {
  const keys = keysFor([{ topic: "docs", ref: "component:default/a" }]);
  expect(keys).toEqual([["search"], ["docs", "component:default/a"]]);
});

test("pauses between attempts grow up to 20 seconds", () => {
  expect([0, 1, 2, 20].map((attempt) => pauseBefore(attempt, 1))).toEqual([500, 1000, 2000, 20_000]);
});

test("an announced source is asked for until it was read, and not for ever", () => {
  const hand = new Hand();
  let readAt = "before";
  let asked = 0;
  const reads = new SourceReads(() => readAt, () => (asked += 1), hand);
  const wait = (until: number) => {
    for (let at = hand.now(); at <= until; at += 100) hand.advance(at);
  };
  reads.follow(["a"]);
  wait(1_000);
  expect(asked).toBe(1);
  readAt = "after";
  wait(60_000);
  expect(asked).toBe(1);
  reads.follow(["a"]);
  wait(200_000);
  expect(asked).toBe(6);
});
