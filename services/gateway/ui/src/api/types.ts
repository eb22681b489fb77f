/**
 * Shapes of the REST surface, as Backstage's clients know them plus Sipario's own.
 *
 * Generated from the services' OpenAPI documents where these say enough; written here where the documents leave JSON
 * open, as they do for the inside of entities.
 */
import type { components as GraphSchemas } from "./catalog-graph";
import type { components as GatewaySchemas } from "./gateway";
import type { components as IngestorSchemas } from "./ingestor";
import type { components as SearchSchemas } from "./search";

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

type Scalar = string | number | boolean | null;
export type PropertyValue = Scalar | Scalar[];

export interface Entity {
  apiVersion: string;
  kind: string;
  metadata: EntityMetadata;
  spec?: Record<string, unknown>;
  relations?: EntityRelation[];
  status?: { items?: StatusItem[]; properties?: Record<string, PropertyValue> };
}

export interface EntityPage {
  items: Entity[];
  totalItems: number;
  pageInfo: { nextCursor?: string; prevCursor?: string };
}

type Graph = GraphSchemas["schemas"];

export type FacetValue = Graph["Facet"];
export type Facets = Graph["Facets"];
export type GraphNode = Graph["GraphNode"];
export type GraphEdge = Graph["GraphEdge"];
export type Impact = Graph["ImpactAnswer"];
export type Neighbors = Graph["Neighbours"];
export type Kind = Graph["KindAnswer"];
export type KindProperty = Graph["KindProperty"];
export type Direction = Impact["direction"];

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
  highlight?: SearchSchemas["schemas"]["Highlight"];
  rank?: number;
}

export type SearchResults = Omit<SearchSchemas["schemas"]["ResultSet"], "results"> & { results: SearchHit[] };

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
  /** Why the last build failed; empty when it did not. */
  error?: string;
  problems?: { message: string; path?: string; line?: number | null }[];
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

export interface Source {
  id: string;
  /** The repository's web address; empty for a file of the machine and for a provider. */
  repository: string;
  branch?: string;
  path?: string;
  commit?: string;
  state: "ok" | "failed" | "pending";
  readAt?: string | null;
  problems: SourceProblem[];
}

type Kept = IngestorSchemas["schemas"];

export type Proposal = Kept["Proposed"];
export type ProposalPage = Kept["ProposedPage"];
export type Guess = Kept["Guessed"];
export type OpenedPull = Kept["Opened"];

export type Cause = Kept["Cause"];
export type VersionItem = Kept["VersionItem"];
export type FieldChange = Kept["Change"];
export type HistoryPage = Kept["HistoryPage"];
export type BlamedField = Kept["BlamedField"];
export type Blame = Kept["Blame"];
export type Orphan = Kept["OrphanItem"];
export type Unprocessed = Kept["UnprocessedEntity"];
export type UnprocessedError = Kept["UnprocessedError"];
export type UnprocessedList = Kept["UnprocessedEntities"];

type Door = GatewaySchemas["schemas"];

export type SessionUser = Door["SessionUser"];
export type Session = Door["SessionAnswer"];
export type ProvidersAnswer = Door["Providers"];
export type Provider = Door["SignInProvider"];

export interface Providers {
  guest: boolean;
  providers: Provider[];
}
