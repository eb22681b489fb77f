/** Entity refs, `kind:namespace/name`, always lower-cased as the API writes them. */
import type { Entity } from "../api/types";

export interface RefParts {
  kind: string;
  namespace: string;
  name: string;
}

/** Reads a ref, filling what it leaves out; never throws, since refs come from other people's files. */
export function parseRef(ref: string, kind = "component", namespace = "default"): RefParts {
  const slash = ref.indexOf("/");
  const colon = ref.indexOf(":");
  const hasKind = colon > 0 && (slash < 0 || colon < slash);
  const rest = hasKind ? ref.slice(colon + 1) : ref;
  const cut = rest.indexOf("/");
  return {
    kind: (hasKind ? ref.slice(0, colon) : kind).toLowerCase(),
    namespace: (cut < 0 ? namespace : rest.slice(0, cut)).toLowerCase(),
    name: rest.slice(cut + 1).toLowerCase(),
  };
}

export function formatRef({ kind, namespace, name }: RefParts): string {
  return `${kind}:${namespace}/${name}`.toLowerCase();
}

export function refOf(entity: Entity): string {
  return formatRef({
    kind: entity.kind,
    namespace: entity.metadata.namespace ?? "default",
    name: entity.metadata.name,
  });
}

/** `api/catalog` path segments of a ref: kind, namespace, name. */
export function refPath(ref: string): string {
  const { kind, namespace, name } = parseRef(ref);
  return [kind, namespace, name].map(encodeURIComponent).join("/");
}

/** What people call it: display name, title, or the name itself. */
export function titleOf(entity: Entity): string {
  const profile = entity.spec?.profile as { displayName?: string } | undefined;
  return entity.metadata.title ?? profile?.displayName ?? entity.metadata.name;
}

/** Short text for a ref nobody has a title for; the namespace only when it is not the usual one. */
export function shortName(ref: string): string {
  const { namespace, name } = parseRef(ref);
  return namespace === "default" ? name : `${namespace}/${name}`;
}

export function targets(entity: Entity, ...types: string[]): string[] {
  const wanted = new Set(types);
  return (entity.relations ?? []).filter((one) => wanted.has(one.type)).map((one) => one.targetRef);
}

export function specText(entity: Entity, field: string): string | undefined {
  const value = entity.spec?.[field];
  return typeof value === "string" && value !== "" ? value : undefined;
}
