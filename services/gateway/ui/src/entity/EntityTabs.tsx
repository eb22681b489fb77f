/** The ways to look at an entity, each with an address of its own. */
import { Link, useLocation } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import type { Entity } from "../api/types";
import { parseRef, refOf } from "../common/refs";
import { hasDocs } from "./annotations";
import { useAsOf } from "./as-of";

const BASE = "/catalog/$namespace/$kind/$name";
const NO_GRAPH = new Set(["location"]);

export function EntityTabs({ entity }: { entity: Entity }) {
  const params = parseRef(refOf(entity));
  const asOf = useAsOf();
  const tab = { params, search: asOf ? { asOf } : {}, className: "tab", activeProps: { "data-active": true }, role: undefined };
  const graphed = !NO_GRAPH.has(params.kind);
  const tabs = useRef<HTMLElement>(null);
  const { pathname } = useLocation();
  // A narrow page shows only some of the tabs; the chosen one is always among them.
  useEffect(() => {
    tabs.current?.querySelector("[data-active]")?.scrollIntoView({ inline: "nearest", block: "nearest" });
  }, [pathname]);
  return (
    <nav className="tabs" ref={tabs} aria-label="Views of this entity">
      <Link {...tab} to={BASE} activeOptions={{ exact: true, includeSearch: false }}>Overview</Link>
      {params.kind === "api" && <Link {...tab} to={`${BASE}/definition`}>Definition</Link>}
      {graphed && <Link {...tab} to={`${BASE}/relations`}>Relations</Link>}
      {graphed && <Link {...tab} to={`${BASE}/impact`} activeOptions={{ includeSearch: false }}>Impact</Link>}
      {hasDocs(entity) && !asOf && <Link {...tab} to={`${BASE}/docs/$`} params={{ ...params, _splat: "" }} activeOptions={{ exact: false }}>Docs</Link>}
      <Link {...tab} to={`${BASE}/history`}>History</Link>
      <Link {...tab} to={`${BASE}/inspect`}>Inspect</Link>
    </nav>
  );
}
