// Which edges of one type did entities declare that they had not declared before?
UNWIND $rows AS row
MATCH (s) WHERE elementId(s) = row.source
MATCH (t) WHERE elementId(t) = row.target
CREATE (s)-[:TYPE {declared_by: row.declared_by, version: row.version, epoch: row.epoch}]->(t)
