import { Button } from "@mantine/core";
import { ChevronLeft, ChevronRight } from "lucide-react";
import type { EntityPage } from "../api/types";
import { lookOf } from "../common/kinds";
import type { Filters } from "./filters";

interface Props {
  page: EntityPage | undefined;
  filters: Filters;
  change: (wanted: Partial<Filters>) => void;
}

export function Pager({ page, filters, change }: Props) {
  if (!page || page.totalItems === 0) return null;
  const { nextCursor, prevCursor } = page.pageInfo;
  const { label, plural } = lookOf(filters.kind);
  return (
    <nav className="pager" aria-label="Pages">
      <span className="dim" aria-live="polite">
        {page.totalItems.toLocaleString()} {page.totalItems === 1 ? label : plural}
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
