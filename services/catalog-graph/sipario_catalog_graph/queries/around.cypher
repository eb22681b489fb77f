// Who is related to these, and how?
UNWIND $ids AS id
MATCH (e) WHERE elementId(e) = id
MATCH (e)-[r:TYPES]-(other)
RETURN collect([elementId(other), type(r), elementId(startNode(r)), elementId(endNode(r))]) AS found
