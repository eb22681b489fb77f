// Who breaks with whom because of those edges?
UNWIND $rows AS row
MATCH (s:Entity {ref: row.source})
MATCH (t:Entity {ref: row.target})
CREATE (s)-[:NEEDS {via: row.via, declared_by: row.declared_by, version: row.version, epoch: row.epoch}]->(t)
