import { BaseEdge, getBezierPath, type EdgeProps } from "@xyflow/react";
import type { EntityFlowEdge } from "./drawing";

const FROM_END = 44;

/** A line with its words on it, at the end where no other line runs. */
export function RelationEdge(props: EdgeProps<EntityFlowEdge>) {
  const { sourceX, sourceY, targetX, targetY, markerStart, markerEnd, data } = props;
  const [path, middleX, middleY] = getBezierPath(props);
  const near = data?.near ?? "middle";
  const [x, y] = {
    source: [sourceX + FROM_END, sourceY],
    middle: [middleX, middleY],
    target: [targetX - FROM_END, targetY],
  }[near] as [number, number];
  return <BaseEdge path={path} label={data?.words} labelX={x} labelY={y} labelBgPadding={[3, 1]} {...(markerStart ? { markerStart } : {})} {...(markerEnd ? { markerEnd } : {})} />;
}
