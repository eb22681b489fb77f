/** About, links, neighbours and everything related, on one page. */
import { Badge } from "@mantine/core";
import { lazy, Suspense, type ReactNode } from "react";
import type { Entity } from "../api/types";
import { Card } from "../common/Card";
import { EntityLinks, WithSummaries } from "../common/EntityLink";
import { Loading } from "../common/Loading";
import { refOf, specText, targets } from "../common/refs";
import { originOf } from "./annotations";
import { useEntity } from "./EntityPage";
import { LinksCard } from "./LinksCard";
import { PropertiesCard } from "./PropertiesCard";
import { RelationGroups } from "./RelationGroups";

const NeighborGraph = lazy(() => import("../graph/NeighborGraph").then((graph) => ({ default: graph.NeighborGraph })));

export function OverviewTab() {
  const entity = useEntity();
  if (!entity) return null;
  const refs = (entity.relations ?? []).map(({ targetRef }) => targetRef);
  return (
    <WithSummaries refs={refs}>
      <div className="overview">
        <div className="overview-main">
          <About entity={entity} />
          <PropertiesCard entity={entity} />
          <Card title="Relations">
            <RelationGroups entity={entity} />
          </Card>
        </div>
        <div className="overview-side">
          {refs.length > 0 && (
            <Card title="Neighbours" flush>
              <Suspense fallback={<Loading rows={4} />}>
                <NeighborGraph entityRef={refOf(entity)} depth={1} compact />
              </Suspense>
            </Card>
          )}
          <LinksCard entity={entity} />
        </div>
      </div>
    </WithSummaries>
  );
}

function About({ entity }: { entity: Entity }) {
  const { description, tags = [], labels = {} } = entity.metadata;
  const profile = entity.spec?.profile as { email?: string } | undefined;
  return (
    <Card title="About">
      <p className="about-text">{description ?? <span className="dim">No description yet: set metadata.description.</span>}</p>
      <dl className="properties">
        <Row label="Owner" show={targets(entity, "ownedBy").length > 0}><EntityLinks refs={targets(entity, "ownedBy")} /></Row>
        <Row label="Part of" show={targets(entity, "partOf").length > 0}><EntityLinks refs={targets(entity, "partOf")} /></Row>
        <Row label="Member of" show={targets(entity, "memberOf").length > 0}><EntityLinks refs={targets(entity, "memberOf")} /></Row>
        <Row label="Type" show={Boolean(specText(entity, "type"))}>{specText(entity, "type")}</Row>
        <Row label="Lifecycle" show={Boolean(specText(entity, "lifecycle"))}>{specText(entity, "lifecycle")}</Row>
        <Row label="Email" show={Boolean(profile?.email)}>{profile?.email}</Row>
        <Row label="Tags" show={tags.length > 0}>
          <span className="tags">{tags.map((tag) => <Badge key={tag} variant="default" size="sm" tt="none">{tag}</Badge>)}</span>
        </Row>
        <Row label="Labels" show={Object.keys(labels).length > 0}>
          <span className="mono">{Object.entries(labels).map(([key, value]) => `${key}=${value}`).join(", ")}</span>
        </Row>
        <Row label="Declared in" show={Boolean(originOf(entity))}><span className="mono wrap">{originOf(entity)}</span></Row>
      </dl>
    </Card>
  );
}

function Row({ label, show, children }: { label: string; show: boolean; children: ReactNode }) {
  if (!show) return null;
  return (
    <>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </>
  );
}
