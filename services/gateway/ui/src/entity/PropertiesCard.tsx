/** What the catalog works out for this entity, as the definition of its kind says. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { kinds } from "../api/queries";
import type { Entity, Kind, PropertyValue } from "../api/types";
import { Card } from "../common/Card";
import { parseRef } from "../common/refs";
import { webUrl } from "./annotations";
import { hasNoValue, namesOf } from "./properties";

export function PropertiesCard({ entity }: { entity: Entity }) {
  const kind = useQuery(kinds).data?.find((each) => each.kind.toLowerCase() === entity.kind.toLowerCase());
  const values = entity.status?.properties ?? {};
  const problems = (entity.status?.items ?? []).filter(hasNoValue);
  const names = namesOf(values, kind?.properties ?? []);
  if (names.length === 0 && problems.length === 0) return null;
  return (
    <Card title="Properties" aside={<Definition kind={kind} />}>
      <dl className="properties" data-wide>
        {names.map(({ name, title, description }) => (
          <div key={name} data-property={name}>
            <dt title={description ?? undefined}>{title}</dt>
            <dd><Value value={values[name] ?? null} /></dd>
          </div>
        ))}
      </dl>
      {problems.map(({ message, field }) => <p key={message} className="property-problem" title={field}>{message}</p>)}
    </Card>
  );
}

function Definition({ kind }: { kind: Kind | undefined }) {
  if (!kind?.definition) return null;
  return <Link className="dim" to="/catalog/$namespace/$kind/$name" params={parseRef(kind.definition)}>Definition</Link>;
}

function Value({ value }: { value: PropertyValue }): ReactNode {
  if (Array.isArray(value)) {
    return <ul className="property-values">{value.map((each, at) => <li key={at}><Value value={each} /></li>)}</ul>;
  }
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "number") return value.toLocaleString("en", { maximumFractionDigits: 2 });
  const text = value ?? "";
  const url = webUrl(text);
  if (url) return <a href={url} target="_blank" rel="noopener noreferrer">{url}</a>;
  return /^[^\s@<>?&]+@[^\s@<>?&]+\.\w+$/.test(text) ? <a href={`mailto:${text}`}>{text}</a> : text;
}
