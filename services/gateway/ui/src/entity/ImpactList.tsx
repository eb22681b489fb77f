/** What is reached, grouped by how far away it is. */
import type { GraphEdge, GraphNode } from "../api/types";
import { Card } from "../common/Card";
import { EntityLink } from "../common/EntityLink";
import { byDistance, reachedThrough } from "./distances";
import { relationWord } from "./relation-words";

export function ImpactList({ nodes, edges }: { nodes: GraphNode[]; edges: GraphEdge[] }) {
  return (
    <div className="stack">
      {byDistance(nodes).map(([distance, reached]) => (
        <Card key={distance} title={distance === 1 ? "Directly" : `${distance} steps away`} flush
          aside={<span className="count">{reached.length}</span>}>
          <table className="entity-table">
            <thead className="visually-hidden">
              <tr><th scope="col">Name</th><th scope="col">Through</th><th scope="col">Type</th><th scope="col">Owner</th></tr>
            </thead>
            <tbody>
              {reached.map((node) => <ReachedRow key={node.ref} node={node} edges={edges} nodes={nodes} />)}
            </tbody>
          </table>
        </Card>
      ))}
    </div>
  );
}

function ReachedRow({ node, nodes, edges }: { node: GraphNode; nodes: GraphNode[]; edges: GraphEdge[] }) {
  const through = reachedThrough(node, nodes, edges);
  return (
    <tr>
      <td data-column="impact-name"><EntityLink to={node.ref} title={node.title || null} missing={node.missing} /></td>
      <td className="dim" data-column="impact-through">
        {through ? relationWord(through.type).toLowerCase() : ""} {through && <span>{through.other}</span>}
      </td>
      <td className="dim" data-column="impact-type">{node.type ?? ""}</td>
      <td data-column="impact-owner">{node.owner ? <EntityLink to={node.owner} /> : <span className="dim">nobody</span>}</td>
    </tr>
  );
}
