// Which epoch begins now?
MERGE (c:Checkpoint {projection: $projection})
SET c.epoch = coalesce(c.epoch, 0) + 1
RETURN c.epoch AS epoch
