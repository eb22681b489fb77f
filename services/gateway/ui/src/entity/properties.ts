/** The properties of an entity that the catalog works out. */
import type { KindProperty, PropertyValue, StatusItem } from "../api/types";

/** Says why a property has no value; it is no fault of the entity's own file. */
export const hasNoValue = ({ type }: StatusItem): boolean => type === "sipario.dev/properties";

type Named = Pick<KindProperty, "name" | "title"> & { description?: string | null };

/** Those that have a value, in the order of the definition; what it no longer tells of comes last. */
export function namesOf(values: Record<string, PropertyValue>, defined: readonly KindProperty[]): Named[] {
  const known = new Set(defined.map(({ name }) => name));
  const others = Object.keys(values).filter((name) => !known.has(name)).map((name) => ({ name, title: name }));
  return [...defined.filter(({ name }) => name in values), ...others];
}
