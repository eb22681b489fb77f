import { describe, expect, test } from "vitest";
import type { Entity } from "../src/api/types";
import { localPath } from "../src/auth/local-path";
import { parseRef } from "../src/common/refs";
import { assetAddress, meaningOf } from "../src/docs/addresses";
import { navTree, pagesInOrder } from "../src/docs/nav";
import { declaresDocs, docsRefOf, hasDocs, webUrl } from "../src/entity/annotations";
import { pieces } from "../src/search/hits";

const REF = "component:default/orders";

describe("links in a page", () => {
  test("to other pages stay in the reader, however they are written", () => {
    const setup = { kind: "page", path: "guide/setup", hash: "" };
    expect(meaningOf("guide/setup.md", REF, "index.md")).toEqual(setup);
    expect(meaningOf("../guide/setup/", REF, "other/page.md")).toEqual(setup);
    expect(meaningOf("/docs/default/component/orders/guide/setup/", REF, "index.md")).toEqual(setup);
    expect(meaningOf("/api/techdocs/static/docs/default/component/orders/guide/setup/index.html", REF, "a.md")).toEqual(setup);
  });

  test("to the portal are followed in it, to the web are left to the browser", () => {
    expect(meaningOf("/catalog/default/api/a", REF, "a.md")).toEqual({ kind: "app", href: "/catalog/default/api/a" });
    expect(meaningOf("https://example.com", REF, "a.md").kind).toBe("outside");
    expect(meaningOf("//example.com/docs/default/component/orders/", REF, "a.md").kind).toBe("outside");
    expect(meaningOf("javascript:alert(1)", REF, "a.md").kind).toBe("outside");
    expect(meaningOf("#there", REF, "a.md")).toEqual({ kind: "anchor", hash: "there" });
  });

  test("images are found beside the page, and never outside of the site", () => {
    const base = "/api/techdocs/static/docs/default/component/orders";
    expect(assetAddress("img/a.png", REF, "guide/setup.md")).toBe(`${base}/guide/img/a.png`);
    expect(assetAddress("../../../../../../secret", REF, "guide/setup.md")).toBe("../../../../../../secret");
  });
});

test("a site without a nav has the tree of its files, its start first", () => {
  const tree = navTree({ site_name: "x", files: ["guide/run-book.md", "adr.md", "index.md", "logo.png"] });
  expect(pagesInOrder(tree)).toEqual([
    { title: "Home", path: "" }, { title: "Adr", path: "adr" }, { title: "Run book", path: "guide/run-book" },
  ]);
});

test("signing in leads only to this site", () => {
  expect(localPath("/catalog?x=1")).toBe("/catalog?x=1");
  for (const outside of ["//evil.example", "/\\evil.example", "https://evil.example", "javascript:alert(1)", "/sign-in", ""]) {
    expect(localPath(outside)).toBe("/catalog");
  }
});

test("refs are read without ever failing", () => {
  expect(parseRef("API:Team/Name")).toEqual({ kind: "api", namespace: "team", name: "name" });
  expect(parseRef("name")).toEqual({ kind: "component", namespace: "default", name: "name" });
  expect(parseRef("ns/odd:name")).toEqual({ kind: "component", namespace: "ns", name: "odd:name" });
});

test("only addresses of the web become links", () => {
  expect(webUrl("url:https://git.example/x")).toBe("https://git.example/x");
  expect(webUrl("javascript:alert(1)")).toBeUndefined();
});

test("highlights are shown as text between tags, whatever the text holds", () => {
  const hit = {
    type: "techdocs",
    document: { title: "t", text: "", location: "/" },
    highlight: { preTag: "<em>", postTag: "</em>", fields: { text: "a <em>b</em> <img src=x>" } },
  };
  expect(pieces(hit, "text")).toEqual([
    { text: "a ", matched: false }, { text: "b", matched: true }, { text: " <img src=x>", matched: false },
  ]);
});

describe("documentation of an entity", () => {
  const annotated = (annotations: Record<string, string>) => ({ kind: "Component", metadata: { name: "orders", annotations } }) as unknown as Entity;

  test("is its own when it says where it is", () => {
    const entity = annotated({ "backstage.io/techdocs-ref": "dir:." });
    expect([declaresDocs(entity), hasDocs(entity), docsRefOf(entity, REF)]).toEqual([true, true, REF]);
  });

  test("is another's when it names that one, which is where to look whether it is declared", () => {
    const entity = annotated({ "backstage.io/techdocs-entity": "system:default/sales" });
    expect([declaresDocs(entity), hasDocs(entity), docsRefOf(entity, REF)]).toEqual([false, true, "system:default/sales"]);
  });

  test("is missing when nothing declares it", () => {
    expect([declaresDocs(annotated({})), hasDocs(annotated({}))]).toEqual([false, false]);
  });
});
