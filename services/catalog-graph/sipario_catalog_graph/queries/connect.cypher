// Which edges of one type did entities declare that they had not declared before?
UNWIND $rows AS row
MATCH (s) WHERE elementId(s) = row[0]
MATCH (t) WHERE elementId(t) = row[1]
CREATE (s)-[:TYPE {declared_by: row[2], epoch: $epoch}]->(t)
