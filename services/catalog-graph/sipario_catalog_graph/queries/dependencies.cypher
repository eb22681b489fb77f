// With whom do these break, and why?
UNWIND $refs AS ref
MATCH (e:Entity {ref: ref})-[r:NEEDS]->(other:Entity)
RETURN other.ref AS other, ref AS mine, r.via AS via
