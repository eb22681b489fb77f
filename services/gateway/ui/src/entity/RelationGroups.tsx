/** Every relation, grouped by what it means; large groups unfold on demand. */
import { Button } from "@mantine/core";
import { useState } from "react";
import type { Entity } from "../api/types";
import { EntityLink } from "../common/EntityLink";
import { groupRelations, relationWord } from "./relation-words";

const FOLDED = 12;

export function RelationGroups({ entity }: { entity: Entity }) {
  const groups = groupRelations(entity);
  if (groups.length === 0) return <p className="dim">Related to nothing else in the catalog.</p>;
  return (
    <div className="relation-groups">
      {groups.map(([type, refs]) => (
        <RelationGroup key={type} type={type} refs={refs} />
      ))}
    </div>
  );
}

function RelationGroup({ type, refs }: { type: string; refs: string[] }) {
  const [open, setOpen] = useState(false);
  const shown = open ? refs : refs.slice(0, FOLDED);
  return (
    <section className="relation-group">
      <h3>
        {relationWord(type)} <span className="count">{refs.length}</span>
      </h3>
      <ul>
        {shown.map((ref) => (
          <li key={ref}><EntityLink to={ref} /></li>
        ))}
      </ul>
      {refs.length > shown.length && (
        <Button size="compact-xs" variant="subtle" onClick={() => setOpen(true)}>
          Show all {refs.length}
        </Button>
      )}
    </section>
  );
}
