/** Domain › System › Component, as the graph knows it. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { entityByRef } from "../api/queries";
import type { Entity } from "../api/types";
import { EntityLink, WithSummaries } from "../common/EntityLink";
import { useLook } from "../common/kinds";
import { parseRef, targets } from "../common/refs";
import { useAsOf } from "./as-of";

const LEVELS = ["domain", "system", "component"];

/** The widest thing that contains this one: a component's parent component comes after its system. */
export function parentOf(entity: Entity | undefined): string | undefined {
  if (!entity) return undefined;
  const level = (ref: string) => LEVELS.indexOf(parseRef(ref).kind);
  const parents = targets(entity, "partOf", "childOf").sort((left, right) => level(right) - level(left));
  return parents[0];
}

function useParent(ref: string | undefined): Entity | undefined {
  return useQuery({ ...entityByRef(ref ?? "", useAsOf()), enabled: ref !== undefined, retry: false }).data;
}

export function Breadcrumbs({ entity }: { entity: Entity }) {
  const first = parentOf(entity);
  const second = parentOf(useParent(first));
  const third = parentOf(useParent(second));
  const { plural } = useLook(entity.kind);
  const trail = [third, second, first].filter((ref): ref is string => ref !== undefined);
  return (
    <nav aria-label="Breadcrumbs" className="breadcrumbs">
      <WithSummaries refs={trail}>
        <ol>
          <li>
            <Link to="/catalog" search={{ "filters[kind]": entity.kind.toLowerCase() }}>{plural}</Link>
          </li>
          {trail.map((ref) => (
            <li key={ref}><EntityLink to={ref} icon={false} /></li>
          ))}
        </ol>
      </WithSummaries>
    </nav>
  );
}
