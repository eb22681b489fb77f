// How far had the projection come?
MATCH (c:Checkpoint {projection: $projection})
RETURN c.generation AS generation, c.positions AS positions, c.unsaid AS unsaid, c.epoch AS epoch
