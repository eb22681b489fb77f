/** What is reached, grouped by how far away it is. */
import { useMemo } from "react";
import type { Impact } from "../api/types";
import { Card } from "../common/Card";
import { EntityLink } from "../common/EntityLink";
import { byDistance, routes } from "./distances";

export function ImpactList({ nodes, edges }: Pick<Impact, "nodes" | "edges">) {
  const through = useMemo(() => routes(nodes, edges), [nodes, edges]);
  const rings = useMemo(() => byDistance(nodes).filter(([distance]) => distance > 0), [nodes]);
  return (
    <div className="stack">
      {rings.map(([distance, reached]) => (
        <Card key={distance} title={distance === 1 ? "Directly" : `${distance} steps away`} flush
          aside={<span className="count">{reached.length}</span>}>
          <table className="entity-table">
            <thead className="visually-hidden">
              <tr><th scope="col">Name</th><th scope="col">Through</th><th scope="col">Type</th><th scope="col">Owner</th></tr>
            </thead>
            <tbody>
              {reached.map(({ ref, title, missing, type, owner }) => (
                <tr key={ref} data-ref={ref}>
                  <td data-column="impact-name"><EntityLink to={ref} title={title || null} missing={missing} /></td>
                  <td data-column="impact-through" className="dim">{through.get(ref) ?? ""}</td>
                  <td data-column="impact-type" className="dim">{type ?? ""}</td>
                  <td data-column="impact-owner">{owner ? <EntityLink to={owner} /> : <span className="dim">nobody</span>}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Card>
      ))}
    </div>
  );
}
