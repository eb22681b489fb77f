/** How many there are, out of how many, and the way to the rest. */
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { ChevronLeft, ChevronRight } from "lucide-react";
import { facets } from "../api/queries";
import type { EntityPage } from "../api/types";
import { useLook, type KindLook } from "../common/kinds";
import { readFilters, type Filters, type Whose } from "./filters";

interface Props {
  page: EntityPage | undefined;
  filters: Filters;
  whose: Whose;
  change: (wanted: Partial<Filters>) => void;
}

export function Pager({ page, filters, whose, change }: Props) {
  const all = useCount(filters.kind);
  const look = useLook(filters.kind);
  if (!page || page.totalItems === 0) return null;
  const { nextCursor, prevCursor } = page.pageInfo;
  const narrowed = page.totalItems < all;
  return (
    <nav className="pager" aria-label="Pages">
      <span className="pager-count">
        <span className="dim" aria-live="polite">{counted(page.totalItems, all, look, whose)}</span>
        {narrowed && (
          <Button size="compact-sm" variant="subtle" onClick={() => change({ ...readFilters({}), kind: filters.kind, whose: "all" })}>
            Show all
          </Button>
        )}
      </span>
      {(nextCursor || prevCursor) && (
        <span className="pager-buttons">
          <Button size="xs" variant="default" disabled={!prevCursor} leftSection={<ChevronLeft size={14} />}
            onClick={() => change({ cursor: prevCursor })}>
            Previous
          </Button>
          <Button size="xs" variant="default" disabled={!nextCursor} rightSection={<ChevronRight size={14} />}
            onClick={() => change({ cursor: nextCursor })}>
            Next
          </Button>
        </span>
      )}
    </nav>
  );
}

function useCount(kind: string): number {
  const { data } = useQuery(facets(["kind"]));
  return data?.facets.kind?.find(({ value }) => value.toLowerCase() === kind)?.count ?? 0;
}

/** "5 of 30 components, owned by you or your groups"; the kinds above count all that there are. */
export function counted(shown: number, all: number, { label, plural }: KindLook, whose: Whose): string {
  const word = (count: number) => (/^[A-Z]{2}/.test(label) ? (count === 1 ? label : plural) : (count === 1 ? label : plural).toLowerCase());
  if (shown >= all) return `${shown.toLocaleString()} ${word(shown)}`;
  const owned = whose === "owned" ? ", owned by you or your groups" : "";
  return `${shown.toLocaleString()} of ${all.toLocaleString()} ${word(all)}${owned}`;
}
