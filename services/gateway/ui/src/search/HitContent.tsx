/** One result: its kind, its title and the words around the match. */
import { BookOpen } from "lucide-react";
import type { SearchHit } from "../api/types";
import { KindIcon, useLook } from "../common/kinds";
import { pieces } from "./hits";

export function Highlighted({ hit, field }: { hit: SearchHit; field: "title" | "text" }) {
  return pieces(hit, field).map(({ text, matched }, at) => (matched ? <mark key={at}>{text}</mark> : text));
}

function HitContext({ hit }: { hit: SearchHit }) {
  const { kind, type, componentType, entityTitle, name } = hit.document;
  const { label } = useLook(kind ?? hit.type);
  if (hit.type === "techdocs") return entityTitle ?? name ?? "Documentation";
  return [kind ? label : hit.type, componentType ?? type].filter(Boolean).join(" · ");
}

export function HitContent({ hit }: { hit: SearchHit }) {
  const icon = hit.type === "techdocs"
    ? <span className="kind-icon" data-kind="documentation"><BookOpen size={16} aria-hidden /></span>
    : <KindIcon kind={hit.document.kind ?? "component"} size={16} />;
  return (
    <>
      {icon}
      <span className="hit-words">
        <span className="hit-title"><Highlighted hit={hit} field="title" /></span>
        {hit.document.text && <span className="hit-text"><Highlighted hit={hit} field="text" /></span>}
      </span>
      <span className="hit-context"><HitContext hit={hit} /></span>
    </>
  );
}
