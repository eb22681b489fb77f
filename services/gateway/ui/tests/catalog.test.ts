import { describe, expect, test } from "vitest";
import type { Entity } from "../src/api/types";
import { columnsOf } from "../src/catalog/columns";
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

describe("columns", () => {
  const entity = (kind: string, more: Partial<Entity> = {}): Entity => ({ apiVersion: "acme.example/v1", kind, metadata: { name: "a" }, ...more });
  const shown = (kind: string, entities: Entity[]) => columnsOf(kind, entities).map(({ header }) => header);

  test("of a kind that a definition adds are those that an entity fills", () => {
    const bare = entity("Environment");
    const owned = entity("Environment", { relations: [{ type: "ownedBy", targetRef: "group:default/platform" }] });
    const typed = entity("Environment", { spec: { type: "cloud" } });
    expect(shown("environment", [bare])).toEqual(["Name"]);
    expect(shown("environment", [bare, owned, typed])).toEqual(["Name", "Type", "Owner"]);
  });

  test("of a built-in kind are always the same", () => {
    expect(shown("system", [entity("System")])).toEqual(["Name", "Owner", "Domain", "Tags"]);
  });
});
