// Which of these refs are stubs that nothing points at any more?
UNWIND $refs AS ref
MATCH (e:Entity {ref: ref})
WHERE e.version IS NULL AND NOT (e)--()
DELETE e
