/** The well-known annotations that the pages show. */
import type { Entity } from "../api/types";

const VIEW = "backstage.io/view-url";
const EDIT = "backstage.io/edit-url";
const SOURCE = "backstage.io/source-location";
const ORIGIN = "backstage.io/managed-by-location";
const DOCS = "backstage.io/techdocs-ref";
const DOCS_OF = "backstage.io/techdocs-entity";

/** An address only when it is of the web: annotations come from other people's files. */
export function webUrl(text: string | undefined): string | undefined {
  if (!text) return undefined;
  const bare = text.replace(/^url:/, "");
  return /^https?:\/\//i.test(bare) && URL.canParse(bare) ? bare : undefined;
}

export function webLinks(entity: Entity): { view: string | undefined; edit: string | undefined } {
  const found = entity.metadata.annotations ?? {};
  return { view: webUrl(found[VIEW]) ?? webUrl(found[SOURCE]), edit: webUrl(found[EDIT]) };
}

export function originOf(entity: Entity): string | undefined {
  return entity.metadata.annotations?.[ORIGIN];
}

/** Whether an entity has documentation of its own. */
export function declaresDocs(entity: Entity): boolean {
  return Boolean(entity.metadata.annotations?.[DOCS]);
}

/** Whether there is documentation to show; `techdocs-entity` says that another entity's docs are meant. */
export function hasDocs(entity: Entity): boolean {
  return declaresDocs(entity) || Boolean(entity.metadata.annotations?.[DOCS_OF]);
}

export function docsRefOf(entity: Entity, own: string): string {
  return entity.metadata.annotations?.[DOCS_OF] ?? own;
}
