// With whom do these break, and why?
UNWIND $ids AS id
MATCH (e) WHERE elementId(e) = id
MATCH (e)-[r:NEEDS]->(other)
RETURN collect([id, r.via, elementId(other)]) AS found
