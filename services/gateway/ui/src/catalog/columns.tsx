/** Which columns a kind has: those that its entities fill. */
import { createColumnHelper, tableFeatures } from "@tanstack/react-table";
import { Badge } from "@mantine/core";
import type { Entity } from "../api/types";
import { EntityLinks } from "../common/EntityLink";
import { Lifecycle } from "../common/Lifecycle";
import { parseRef, specText, targets } from "../common/refs";
import { NameCell } from "./NameCell";

const TAGS_SHOWN = 3;

export const features = tableFeatures({});
const column = createColumnHelper<typeof features, Entity>();

/** Columns whose id is a field that all entities of the kind carry can be ordered by the server. */
const name = column.display({ id: "metadata.name", header: "Name", cell: ({ row }) => <NameCell entity={row.original} /> });
const type = column.display({ id: "spec.type", header: "Type", cell: ({ row }) => specText(row.original, "type") ?? "–" });
const lifecycle = column.display({
  id: "spec.lifecycle", header: "Lifecycle", cell: ({ row }) => <Lifecycle value={specText(row.original, "lifecycle")} />,
});
const related = (id: string, header: string, type: string, kind?: string) =>
  column.display({
    id,
    header,
    cell: ({ row }) => <EntityLinks refs={targets(row.original, type).filter((ref) => !kind || parseRef(ref).kind === kind)} />,
  });
const owner = related("spec.owner", "Owner", "ownedBy");
const email = column.display({
  id: "email", header: "Email", cell: ({ row }) => (row.original.spec?.profile as { email?: string } | undefined)?.email ?? "–",
});
const target = column.display({
  id: "target", header: "Target", cell: ({ row }) => <span className="mono">{specText(row.original, "target") ?? "–"}</span>,
});
const tags = column.display({
  id: "tags",
  header: "Tags",
  cell: ({ row }) => (
    <span className="tags">
      {(row.original.metadata.tags ?? []).slice(0, TAGS_SHOWN).map((tag) => (
        <Badge key={tag} size="sm" variant="default" tt="none">
          {tag}
        </Badge>
      ))}
    </span>
  ),
});

/** A part belongs to a component or domain too; a column is about one kind of whole. */
const system = related("partOf", "System", "partOf", "system");
const domain = (header: string) => related("partOf", header, "partOf", "domain");
const software = [name, type, lifecycle, owner, system, tags];

const COLUMNS: Record<string, typeof software> = {
  component: software,
  api: software,
  resource: [name, type, owner, system, tags],
  system: [name, owner, domain("Domain"), tags],
  domain: [name, owner, domain("Part of"), tags],
  group: [name, type, related("childOf", "Parent", "childOf"), tags],
  user: [name, email, related("memberOf", "Groups", "memberOf")],
  template: [name, type, owner, tags],
  location: [name, target],
};

/** How a column of software is filled; a kind that a definition adds may lack what is asked for altogether. */
const HAS: Record<string, (entity: Entity) => boolean> = {
  "spec.type": (entity) => specText(entity, "type") !== undefined,
  "spec.lifecycle": (entity) => specText(entity, "lifecycle") !== undefined,
  "spec.owner": (entity) => targets(entity, "ownedBy").length > 0,
  partOf: (entity) => targets(entity, "partOf").some((ref) => parseRef(ref).kind === "system"),
  tags: ({ metadata }) => Boolean(metadata.tags?.length),
};

/** The columns for these entities: a kind without columns of its own has those that any of them fills. */
export const columnsOf = (kind: string, entities: readonly Entity[]) =>
  COLUMNS[kind] ?? software.filter(({ id = "" }) => entities.some(HAS[id] ?? (() => true)));

const SORTABLE = new Set(["metadata.name", "spec.type", "spec.lifecycle", "spec.owner"]);
const TYPE_REQUIRED = new Set(["component", "api", "resource", "group", "template", "airesource"]);

/** The server leaves out entities that lack the field it orders by, so only required fields order. */
export function isSortable(kind: string, column: string): boolean {
  return SORTABLE.has(column) && (column !== "spec.type" || TYPE_REQUIRED.has(kind));
}
