// Who is related to these, and how?
UNWIND $refs AS ref
MATCH (e:Entity {ref: ref})-[r:TYPES]-(other:Entity)
RETURN other.ref AS other, type(r) AS type, startNode(r).ref AS source, endNode(r).ref AS target
