import { Tooltip } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { TriangleAlert } from "lucide-react";
import type { Entity } from "../api/types";
import { KindIcon } from "../common/kinds";
import { parseRef, refOf, titleOf } from "../common/refs";

export function NameCell({ entity }: { entity: Entity }) {
  const { name, description, namespace } = entity.metadata;
  const title = titleOf(entity);
  const second = description ?? (title === name ? undefined : name);
  return (
    <div className="name-cell">
      <KindIcon kind={entity.kind} size={17} />
      <div className="name-text">
        <span className="name-line">
          <Link className="row-link" to="/catalog/$namespace/$kind/$name" params={parseRef(refOf(entity))}>
            {title}
          </Link>
          {namespace && namespace !== "default" && <span className="namespace">{namespace}</span>}
          <ProblemMark entity={entity} />
        </span>
        {second && <span className="name-second">{second}</span>}
      </div>
    </div>
  );
}

function ProblemMark({ entity }: { entity: Entity }) {
  const problems = (entity.status?.items ?? []).filter((item) => item.level === "error");
  if (problems.length === 0) return null;
  const label = problems.length === 1 ? problems[0]!.message : `${problems.length} problems`;
  return (
    <Tooltip label={label} multiline maw={420}>
      <span className="problem-mark" role="img" aria-label={`Has a problem: ${label}`} tabIndex={0}>
        <TriangleAlert size={14} aria-hidden />
      </span>
    </Tooltip>
  );
}
