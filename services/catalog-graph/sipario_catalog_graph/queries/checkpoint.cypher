// How far has the projection come, and what has it still to say?
MERGE (c:Checkpoint {projection: $projection})
SET c.generation = $generation, c.positions = $positions, c.unsaid = $unsaid
