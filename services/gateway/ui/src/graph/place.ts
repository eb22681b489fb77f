/** How large a node is drawn, and where. */
export const NODE_WIDTH = 190;
export const NODE_HEIGHT = 46;

export interface Place {
  x: number;
  y: number;
}
