/** What is wrong with the entity's file, where, and that the last good version is what is shown. */
import { CircleAlert, TriangleAlert } from "lucide-react";
import type { Entity, StatusItem } from "../api/types";
import { hasNoValue } from "./properties";

const place = ({ path, line, field }: StatusItem) =>
  [path && (line ? `${path}:${line}` : path), field].filter(Boolean).join(" · ");

export function StatusBanner({ entity }: { entity: Entity }) {
  const items = (entity.status?.items ?? []).filter((item) => item.level !== "info" && !hasNoValue(item));
  if (items.length === 0) return null;
  const broken = items.some(({ level }) => level === "error");
  const Glyph = broken ? CircleAlert : TriangleAlert;
  return (
    <section className="status-banner" data-level={broken ? "error" : "warning"} role="status">
      <Glyph size={18} aria-hidden />
      <div>
        <h2>{broken ? "Its file has a problem; the last good version is shown" : "Its file could be better"}</h2>
        <ul>
          {items.map((item, at) => (
            <li key={at}>
              {item.message}
              {place(item) && <span className="mono status-place">{place(item)}</span>}
            </li>
          ))}
        </ul>
      </div>
    </section>
  );
}
