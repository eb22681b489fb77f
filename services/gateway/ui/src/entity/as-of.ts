/** The moment that an entity's page shows, when it is not now: `?asOf=` in its address. */
import { useMatch } from "@tanstack/react-router";

export const ENTITY_ROUTE = "/shell/catalog/$namespace/$kind/$name";

export function useAsOf(): string | undefined {
  return useMatch({ from: ENTITY_ROUTE, shouldThrow: false, select: ({ search }) => search.asOf });
}
