/** Shapes of the REST surface, as Backstage's clients know them plus Sipario's own. */

export interface EntityLinkItem {
  url: string;
  title?: string;
  icon?: string;
  type?: string;
}

export interface EntityMetadata {
  name: string;
  namespace?: string;
  uid?: string;
  etag?: string;
  title?: string;
  description?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  tags?: string[];
  links?: EntityLinkItem[];
}

export interface EntityRelation {
  type: string;
  targetRef: string;
}

export interface StatusItem {
  type: string;
  level: "info" | "warning" | "error";
  message: string;
  error?: { name: string; message: string };
  path?: string;
  line?: number | null;
  field?: string;
}

export interface Entity {
  apiVersion: string;
  kind: string;
  metadata: EntityMetadata;
  spec?: Record<string, unknown>;
  relations?: EntityRelation[];
  status?: { items?: StatusItem[] };
}

export interface EntityPage {
  items: Entity[];
  totalItems: number;
  pageInfo: { nextCursor?: string; prevCursor?: string };
}

export interface FacetValue {
  value: string;
  count: number;
}

export interface Facets {
  facets: Record<string, FacetValue[]>;
}

export interface GraphNode {
  ref: string;
  kind: string;
  name: string;
  title?: string | null;
  type?: string | null;
  owner?: string | null;
  distance: number;
  missing: boolean;
}

export interface GraphEdge {
  source: string;
  type: string;
  target: string;
}

export type Direction = "dependents" | "dependencies";

export interface Impact {
  root: string;
  direction: Direction;
  depth: number;
  nodes: GraphNode[];
  edges: GraphEdge[];
  groups: { ref: string; entities: number }[];
  truncated: boolean;
}

export interface Neighbors {
  root: string;
  nodes: GraphNode[];
  edges: GraphEdge[];
}

export interface SearchDocument {
  title: string;
  text: string;
  location: string;
  kind?: string;
  namespace?: string;
  name?: string;
  type?: string;
  componentType?: string;
  lifecycle?: string;
  owner?: string;
  path?: string;
  entityTitle?: string;
}

export interface SearchHit {
  type: string;
  document: SearchDocument;
  highlight?: { preTag: string; postTag: string; fields: Record<string, string> };
  rank?: number;
}

export interface SearchResults {
  results: SearchHit[];
  numberOfResults?: number;
  nextPageCursor?: string;
  previousPageCursor?: string;
}

export interface DocsNavItem {
  title: string;
  path?: string | null;
  /** A link that leaves the site; then there is no path. */
  href?: string | null;
  children?: DocsNavItem[];
}

export interface DocsMetadata {
  site_name: string;
  site_description?: string;
  build_timestamp?: number;
  etag?: string;
  files?: string[];
  nav?: DocsNavItem[];
}

export interface DocsHeading {
  id: string;
  title: string;
  level: number;
}

export interface DocsPage {
  title: string;
  html: string;
  toc: DocsHeading[];
  path: string;
  editUrl?: string | null;
}

export interface SourceProblem {
  level: "info" | "warning" | "error";
  message: string;
  path?: string;
  line?: number | null;
  field?: string;
  entityRef?: string | null;
}

export interface SourceCommit {
  sha: string;
  author?: string;
  message?: string;
  at?: string;
}

export interface Source {
  id: string;
  type: string;
  target: string;
  state: "ok" | "failed" | "pending";
  commit?: SourceCommit | string | null;
  entities?: number;
  readAt?: string | null;
  problems: SourceProblem[];
}

export interface SessionUser {
  ref: string;
  displayName?: string;
  email?: string;
  picture?: string;
}

export interface Session {
  user: SessionUser | null;
}

export interface Provider {
  id: string;
  title: string;
}

export interface Providers {
  guest: boolean;
  providers: Provider[];
}
