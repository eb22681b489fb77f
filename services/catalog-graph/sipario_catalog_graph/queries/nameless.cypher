// Which nodes did somebody rob of their refs?
MATCH (e:Entity)
WHERE e.ref IS NULL
DETACH DELETE e
