// Which versions does the graph hold?
MATCH (e:Entity) WHERE e.version IS NOT NULL
WITH e LIMIT $limit
RETURN collect([e.ref, e.version]) AS found
