/** Breadcrumbs, name, and the facts that people look for first. */
import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { ExternalLink, Pencil } from "lucide-react";
import type { ReactNode } from "react";
import type { Entity } from "../api/types";
import { EntityLinks, WithSummaries } from "../common/EntityLink";
import { KindIcon, useLook } from "../common/kinds";
import { Lifecycle } from "../common/Lifecycle";
import { refOf, specText, targets, titleOf } from "../common/refs";
import { webLinks } from "./annotations";
import { Breadcrumbs } from "./Breadcrumbs";

export function EntityHeader({ entity, fresh }: { entity: Entity; fresh: boolean }) {
  const ref = refOf(entity);
  const owners = targets(entity, "ownedBy");
  const { label } = useLook(entity.kind);
  const { view, edit } = webLinks(entity);
  return (
    <WithSummaries refs={owners}>
      <header className="entity-header" data-fresh={fresh || undefined}>
        <Breadcrumbs entity={entity} />
        <div className="entity-headline">
          <KindIcon kind={entity.kind} size={26} />
          <div className="entity-names">
            <h1 className="page-title">{titleOf(entity)}</h1>
            <span className="mono dim">{ref}</span>
          </div>
          <div className="entity-actions">
            {view && <OutLink href={view} icon={<ExternalLink size={14} />}>View source</OutLink>}
            {edit && <OutLink href={edit} icon={<Pencil size={14} />}>Edit</OutLink>}
          </div>
        </div>
        <dl className="entity-facts">
          <Fact label="Kind">
            <Link to="/catalog" search={{ "filters[kind]": entity.kind.toLowerCase() }}>{label}</Link>
            {specText(entity, "type") && <span className="dim"> · {specText(entity, "type")}</span>}
          </Fact>
          {owners.length > 0 && <Fact label="Owner"><EntityLinks refs={owners} /></Fact>}
          {specText(entity, "lifecycle") && (
            <Fact label="Lifecycle"><Lifecycle value={specText(entity, "lifecycle")} /></Fact>
          )}
        </dl>
      </header>
    </WithSummaries>
  );
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="fact">
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function OutLink({ href, icon, children }: { href: string; icon: ReactNode; children: ReactNode }) {
  return (
    <Button component="a" href={href} target="_blank" rel="noopener noreferrer" size="xs" variant="default" leftSection={icon}>
      {children}
    </Button>
  );
}
