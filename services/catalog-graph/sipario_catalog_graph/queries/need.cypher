// Who breaks with whom because of those edges?
UNWIND $rows AS row
MATCH (s) WHERE elementId(s) = row.source
MATCH (t) WHERE elementId(t) = row.target
CREATE (s)-[:NEEDS {via: row.via, declared_by: row.declared_by, version: row.version, epoch: row.epoch}]->(t)
