/** Every address of the UI; the same as Backstage's, so that bookmarks and links survive a move. */
import type { QueryClient } from "@tanstack/react-query";
import {
  createRootRouteWithContext, createRoute, createRouter, lazyRouteComponent, Outlet, redirect,
} from "@tanstack/react-router";
import { session } from "./api/queries";
import { parseQuery, stringifyQuery, type Query } from "./common/query-string";
import { PageFailure } from "./common/Failure";
import { NotFound } from "./common/NotFound";
import { Shell } from "./shell/Shell";

interface RouterContext {
  queryClient: QueryClient;
}

const text = (query: Query, key: string): string | undefined => {
  const value = query[key];
  return Array.isArray(value) ? value[0] : value;
};

const loadCatalog = () => import("./catalog/CatalogPage");

const root = createRootRouteWithContext<RouterContext>()({ component: Outlet, notFoundComponent: () => <NotFound /> });

const signIn = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  validateSearch: (query: Query): { from?: string; error?: string } => {
    const from = text(query, "from");
    const error = text(query, "error");
    return { ...(from ? { from } : {}), ...(error ? { error } : {}) };
  },
  component: lazyRouteComponent(() => import("./auth/SignInPage"), "SignInPage"),
});

const shell = createRoute({
  getParentRoute: () => root,
  id: "shell",
  beforeLoad: async ({ context, location }) => {
    const { user } = await context.queryClient.ensureQueryData(session);
    if (!user) throw redirect({ to: "/sign-in", search: { from: location.href } });
  },
  component: Shell,
  errorComponent: PageFailure,
});

const home = createRoute({
  getParentRoute: () => shell,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/catalog", replace: true });
  },
});

const catalog = createRoute({
  getParentRoute: () => shell,
  path: "/catalog",
  validateSearch: (query: Query) => query,
  component: lazyRouteComponent(loadCatalog, "CatalogPage"),
});

const entity = createRoute({
  getParentRoute: () => shell,
  path: "/catalog/$namespace/$kind/$name",
  validateSearch: (query: Query): { asOf?: string } => {
    const asOf = text(query, "asOf");
    return asOf ? { asOf } : {};
  },
  component: lazyRouteComponent(() => import("./entity/EntityPage"), "EntityPage"),
});
const overview = createRoute({
  getParentRoute: () => entity,
  path: "/",
  component: lazyRouteComponent(() => import("./entity/OverviewTab"), "OverviewTab"),
});
const definition = createRoute({
  getParentRoute: () => entity,
  path: "/definition",
  component: lazyRouteComponent(() => import("./entity/DefinitionTab"), "DefinitionTab"),
});
const relations = createRoute({
  getParentRoute: () => entity,
  path: "/relations",
  component: lazyRouteComponent(() => import("./entity/RelationsTab"), "RelationsTab"),
});
const impact = createRoute({
  getParentRoute: () => entity,
  path: "/impact",
  validateSearch: (query: Query) => query,
  component: lazyRouteComponent(() => import("./entity/ImpactTab"), "ImpactTab"),
});
const entityDocs = createRoute({
  getParentRoute: () => entity,
  path: "/docs",
  component: Outlet,
});
const entityDocsPage = createRoute({
  getParentRoute: () => entityDocs,
  path: "/$",
  component: lazyRouteComponent(() => import("./entity/DocsTab"), "DocsTab"),
});
const history = createRoute({
  getParentRoute: () => entity,
  path: "/history",
  component: lazyRouteComponent(() => import("./history/HistoryTab"), "HistoryTab"),
});
const inspect = createRoute({
  getParentRoute: () => entity,
  path: "/inspect",
  component: lazyRouteComponent(() => import("./entity/InspectTab"), "InspectTab"),
});

const docsHome = createRoute({
  getParentRoute: () => shell,
  path: "/docs",
  component: lazyRouteComponent(() => import("./docs/DocsHome"), "DocsHome"),
});
const docsReader = createRoute({
  getParentRoute: () => shell,
  path: "/docs/$namespace/$kind/$name/$",
  component: lazyRouteComponent(() => import("./docs/DocsReaderPage"), "DocsReaderPage"),
});

const searchPage = createRoute({
  getParentRoute: () => shell,
  path: "/search",
  validateSearch: (query: Query): { query?: string; type?: string; cursor?: string } => {
    const found = Object.fromEntries(
      ["query", "type", "cursor"].map((key) => [key, text(query, key)]).filter(([, value]) => value),
    );
    return found as { query?: string; type?: string; cursor?: string };
  },
  component: lazyRouteComponent(() => import("./search/SearchPage"), "SearchPage"),
});

const sourcesPage = createRoute({
  getParentRoute: () => shell,
  path: "/sources",
  component: lazyRouteComponent(() => import("./sources/SourcesPage"), "SourcesPage"),
});

const unprocessedPage = createRoute({
  getParentRoute: () => shell,
  path: "/catalog-unprocessed-entities",
  component: lazyRouteComponent(() => import("./sources/UnprocessedPage"), "UnprocessedPage"),
});

const proposalsPage = createRoute({
  getParentRoute: () => shell,
  path: "/proposals",
  component: lazyRouteComponent(() => import("./sources/ProposalsPage"), "ProposalsPage"),
});

/** Whatever no other route has, so that there is a way on from it. */
const unknown = createRoute({
  getParentRoute: () => shell,
  path: "$",
  component: () => <NotFound />,
});

const routeTree = root.addChildren([
  signIn,
  shell.addChildren([
    home,
    catalog,
    entity.addChildren([
      overview, definition, relations, impact, entityDocs.addChildren([entityDocsPage]), history, inspect,
    ]),
    docsHome,
    docsReader,
    searchPage,
    sourcesPage,
    unprocessedPage,
    proposalsPage,
    unknown,
  ]),
]);

export function makeRouter(queryClient: QueryClient) {
  // The list is where most people come in: its code is fetched while the session is being asked for.
  if (/^\/(catalog\/?)?$/.test(window.location.pathname)) void loadCatalog();
  return createRouter({
    routeTree,
    context: { queryClient },
    parseSearch: parseQuery,
    stringifySearch: stringifyQuery,
    defaultPreload: "intent",
    defaultPreloadStaleTime: 0,
    scrollRestoration: true,
    defaultErrorComponent: PageFailure,
    defaultNotFoundComponent: () => <NotFound />,
  });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof makeRouter>;
  }
}
