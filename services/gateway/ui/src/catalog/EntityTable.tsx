/** The list itself: a plain table whose order the server keeps. */
import { useTable, type Column, type Row } from "@tanstack/react-table";
import { ArrowDown, ArrowUp } from "lucide-react";
import { useMemo } from "react";
import type { Entity, EntityPage } from "../api/types";
import { WithSummaries } from "../common/EntityLink";
import { useLook } from "../common/kinds";
import { Loading } from "../common/Loading";
import { refOf, targets } from "../common/refs";
import { useJustChanged } from "../live/LiveProvider";
import { columnsOf, features, isSortable } from "./columns";
import type { Filters } from "./filters";

interface Props {
  filters: Filters;
  change: (wanted: Partial<Filters>) => void;
  page: EntityPage | undefined;
  stale: boolean;
}

const NONE: Entity[] = [];

export function EntityTable({ filters, change, page, stale }: Props) {
  const { plural } = useLook(filters.kind);
  const data = page?.items ?? NONE;
  const columns = useMemo(() => columnsOf(filters.kind, data), [filters.kind, data]);
  const refs = useMemo(() => data.flatMap((one) => targets(one, "ownedBy", "partOf", "childOf", "memberOf")), [data]);
  const table = useTable({ features, columns, data, getRowId: refOf });
  if (!page) return <Loading rows={9} height={40} />;
  return (
    <WithSummaries refs={refs}>
      <div className="table-frame" data-stale={stale || undefined}>
        <table className="entity-table">
          <caption className="visually-hidden">{plural}</caption>
          <thead>
            <tr>
              {table.getAllLeafColumns().map((column) => (
                <HeadCell key={column.id} column={column} filters={filters} change={change} />
              ))}
            </tr>
          </thead>
          <tbody>
            {table.getRowModel().rows.map((row) => (
              <EntityRow key={row.id} row={row} render={(cell) => <table.FlexRender cell={cell} />} />
            ))}
          </tbody>
        </table>
      </div>
    </WithSummaries>
  );
}

type Cell = ReturnType<Row<typeof features, Entity>["getAllCells"]>[number];

function EntityRow({ row, render }: { row: Row<typeof features, Entity>; render: (cell: Cell) => React.ReactNode }) {
  const fresh = useJustChanged(row.id);
  return (
    <tr data-fresh={fresh || undefined} data-ref={row.id}>
      {row.getAllCells().map((cell) => (
        <td key={cell.id} data-column={cell.column.id}>
          {render(cell)}
        </td>
      ))}
    </tr>
  );
}

interface HeadProps extends Pick<Props, "filters" | "change"> {
  column: Column<typeof features, Entity>;
}

function HeadCell({ column, filters, change }: HeadProps) {
  const label = column.columnDef.header as string;
  const ordered = filters.order === column.id;
  if (!isSortable(filters.kind, column.id)) return <th scope="col" data-column={column.id}>{label}</th>;
  const Arrow = filters.descending ? ArrowDown : ArrowUp;
  return (
    <th
      scope="col"
      data-column={column.id}
      aria-sort={ordered ? (filters.descending ? "descending" : "ascending") : "none"}
    >
      <button
        type="button"
        className="sort-button"
        onClick={() => change({ order: column.id, descending: ordered && !filters.descending })}
      >
        {label}
        <Arrow size={12} aria-hidden data-on={ordered || undefined} />
      </button>
    </th>
  );
}
