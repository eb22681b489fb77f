import { describe, expect, test } from "vitest";
import { counted } from "../src/catalog/Pager";
import { lookOf } from "../src/common/kinds";

describe("how many there are", () => {
  test("says out of how many, and why", () => {
    expect(counted(5, 30, lookOf("component"), "owned")).toBe("5 of 30 components, owned by you or your groups");
    expect(counted(1, 16, lookOf("api"), "all")).toBe("1 of 16 APIs");
  });

  test("says only how many when these are all", () => {
    expect(counted(1, 1, lookOf("component"), "owned")).toBe("1 component");
    expect(counted(2, 0, lookOf("airesource"), "all")).toBe("2 AI resources");
  });
});
