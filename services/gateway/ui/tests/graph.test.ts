import { describe, expect, test } from "vitest";
import type { GraphNode } from "../src/api/types";
import { joinEdges, wordEnds } from "../src/graph/lines";
import { NODE_HEIGHT } from "../src/graph/place";
import { placePreview } from "../src/graph/preview";

const node = (ref: string, distance: number) => ({ ref, distance }) as GraphNode;
const NODES = [node("a", 0), node("b", 1), node("c", 1), node("d", 2)];

describe("lines of a drawing", () => {
  test("join all relations between two nodes", () => {
    const edges = [{ source: "a", target: "b", type: "dependsOn" }, { source: "a", target: "b", type: "consumesApi" }];
    expect(joinEdges(NODES, edges, false)).toEqual([{ from: "a", to: "b", words: ["depends on", "consumes"], reversed: false }]);
  });

  test("start at the nearer node when drawn outward", () => {
    const [line] = joinEdges(NODES, [{ source: "d", target: "b", type: "dependsOn" }], true);
    expect(line).toMatchObject({ from: "b", to: "d", reversed: true });
  });

  test("have their words where they run alone", () => {
    const lines = joinEdges(NODES, [
      { source: "a", target: "b", type: "dependsOn" }, { source: "a", target: "c", type: "dependsOn" },
      { source: "d", target: "c", type: "dependsOn" },
    ], false);
    const end = wordEnds(lines);
    expect(lines.map(end)).toEqual(["target", "middle", "source"]);
  });
});

describe("a preview", () => {
  test("has what leads to the root on its left and the rest on its right, without overlap", () => {
    const nodes = [...NODES.slice(0, 3), node("e", 1)];
    const lines = joinEdges(nodes, [
      { source: "b", target: "a", type: "dependsOn" }, { source: "a", target: "c", type: "dependsOn" },
      { source: "a", target: "e", type: "dependsOn" },
    ], false);
    const places = placePreview(nodes, lines, "a");
    expect(places.get("a")).toEqual({ x: 0, y: 0 });
    expect(places.get("b")!.x).toBeLessThan(0);
    expect(places.get("c")!.x).toBeGreaterThan(0);
    expect(Math.abs(places.get("c")!.y - places.get("e")!.y)).toBeGreaterThan(NODE_HEIGHT);
  });
});
