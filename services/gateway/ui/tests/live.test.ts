import { expect, test } from "vitest";
import { Batch, type Clock } from "../src/live/batch";
import { keysFor } from "../src/live/invalidation";
import { pauseBefore } from "../src/live/stream";

class Hand implements Clock {
  private time = 0;
  private waiting: { at: number; run: () => void }[] = [];
  now = () => this.time;
  later = (milliseconds: number, run: () => void) => void this.waiting.push({ at: this.time + milliseconds, run });

  advance(to: number): void {
    this.time = to;
    const due = this.waiting.filter(({ at }) => at <= to);
    this.waiting = this.waiting.filter(({ at }) => at > to);
    due.forEach(({ run }) => run());
  }
}

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
