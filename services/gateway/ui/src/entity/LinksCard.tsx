import { Anchor } from "@mantine/core";
import { Link as LinkIcon } from "lucide-react";
import type { Entity } from "../api/types";
import { Card } from "../common/Card";
import { CopyableCode } from "../common/CopyableCode";
import { webUrl } from "./annotations";

const EXAMPLE = `metadata:
  links:
    - url: https://example.com/dashboard
      title: Dashboard
`;

/** Links of the entity; only addresses of the web become links. */
export function LinksCard({ entity }: { entity: Entity }) {
  const links = (entity.metadata.links ?? []).filter(({ url }) => webUrl(url));
  return (
    <Card title="Links">
      {links.length === 0 ? (
        <>
          <p className="dim">None yet. Dashboards, runbooks and chat rooms go here:</p>
          <CopyableCode code={EXAMPLE} language="yaml" />
        </>
      ) : (
        <ul className="plain-list">
          {links.map(({ url, title, type }) => (
            <li key={url}>
              <LinkIcon size={14} aria-hidden className="dim" />
              <Anchor href={url} target="_blank" rel="noopener noreferrer" inherit>{title ?? url}</Anchor>
              {type && <span className="dim">{type}</span>}
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
