import type { Impact } from "../api/types";
import { FlowGraph } from "./FlowGraph";

/** The blast radius as a drawing. */
export function ImpactGraph({ data }: { data: Impact }) {
  return <FlowGraph root={data.root} nodes={data.nodes} edges={data.edges} outward />;
}
