/** What is said of an entity that fails or waits. */
import type { Unprocessed, UnprocessedError } from "../api/types";

const STANDS_FOR_A_LOCATION = /^location:default\/generated-/;

/** Its ref; of what only stands for a file or a source, where that is. */
export function nameOf({ entity_ref: ref, unprocessed_entity: entity }: Unprocessed): string {
  const target = (entity as { spec?: { target?: unknown } }).spec?.target;
  return STANDS_FOR_A_LOCATION.test(ref) && typeof target === "string" ? target : ref;
}

export function placeOf({ path, line, field }: UnprocessedError): string {
  return [path && (line ? `${path}:${line}` : path), field].filter(Boolean).join(" · ");
}
