// What are these? A node's card says it in one property, for reading eight costs five times as much.
UNWIND $ids AS id
MATCH (e) WHERE elementId(e) = id AND e.card IS NOT NULL
RETURN collect([id, e.card]) AS found
