// Which nodes has nobody written in this epoch, and is anything of this epoch connected to them?
MATCH (e:Entity)
WHERE e.epoch IS NULL OR e.epoch < $epoch
RETURN e.ref AS ref, EXISTS { (e)--() } AS connected
LIMIT $limit
