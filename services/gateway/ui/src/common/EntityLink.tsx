/** A ref as people read it: icon and title, leading to its page. */
import { Link } from "@tanstack/react-router";
import { useQuery } from "@tanstack/react-query";
import { Tooltip } from "@mantine/core";
import { createContext, useContext, type ReactNode } from "react";
import { summaries } from "../api/queries";
import type { Entity } from "../api/types";
import { useAsOf } from "../entity/as-of";
import { KindIcon } from "./kinds";
import { parseRef, shortName, titleOf } from "./refs";

const Summaries = createContext<Map<string, Entity | null>>(new Map());

/** Looks up the titles of all refs below in one request. */
export function WithSummaries({ refs, children }: { refs: string[]; children: ReactNode }) {
  const { data } = useQuery(summaries(refs, useAsOf()));
  return <Summaries value={data ?? new Map()}>{children}</Summaries>;
}

export const useSummary = (ref: string): Entity | null | undefined => useContext(Summaries).get(ref);

interface Props {
  to: string;
  title?: string | null | undefined;
  icon?: boolean;
  missing?: boolean;
}

export function EntityLink({ to, title, icon = true, missing }: Props) {
  const summary = useSummary(to);
  const parts = parseRef(to);
  const gone = missing ?? summary === null;
  const link = (
    <Link
      className="entity-link"
      data-missing={gone || undefined}
      to="/catalog/$namespace/$kind/$name"
      params={parts}
    >
      {icon && <KindIcon kind={parts.kind} size={14} />}
      <span className="entity-link-text">{title ?? (summary ? titleOf(summary) : shortName(to))}</span>
    </Link>
  );
  return <Tooltip label={gone ? `${to} is not in the catalog` : to}>{link}</Tooltip>;
}

export function EntityLinks({ refs }: { refs: string[] }) {
  if (refs.length === 0) return <span className="dim">–</span>;
  return (
    <span className="entity-links">
      {refs.map((ref) => (
        <EntityLink key={ref} to={ref} />
      ))}
    </span>
  );
}
