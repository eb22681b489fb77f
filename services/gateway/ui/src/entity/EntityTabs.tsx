/** The ways to look at an entity, each with an address of its own. */
import { Link } from "@tanstack/react-router";
import type { Entity } from "../api/types";
import { parseRef, refOf } from "../common/refs";
import { hasDocs } from "./annotations";

const BASE = "/catalog/$namespace/$kind/$name";
const NO_GRAPH = new Set(["location"]);

export function EntityTabs({ entity }: { entity: Entity }) {
  const params = parseRef(refOf(entity));
  const tab = { params, className: "tab", activeProps: { "data-active": true }, role: undefined };
  const graphed = !NO_GRAPH.has(params.kind);
  return (
    <nav className="tabs" aria-label="Views of this entity">
      <Link {...tab} to={BASE} activeOptions={{ exact: true }}>Overview</Link>
      {params.kind === "api" && <Link {...tab} to={`${BASE}/definition`}>Definition</Link>}
      {graphed && <Link {...tab} to={`${BASE}/relations`}>Relations</Link>}
      {graphed && <Link {...tab} to={`${BASE}/impact`} activeOptions={{ includeSearch: false }}>Impact</Link>}
      {hasDocs(entity) && <Link {...tab} to={`${BASE}/docs/$`} params={{ ...params, _splat: "" }} activeOptions={{ exact: false }}>Docs</Link>}
      <Link {...tab} to={`${BASE}/inspect`}>Inspect</Link>
    </nav>
  );
}
