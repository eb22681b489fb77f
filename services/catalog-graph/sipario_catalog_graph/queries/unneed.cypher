// Who no longer breaks with whom because of those edges?
UNWIND $rows AS row
MATCH (s:Entity {ref: row.source})-[r:NEEDS {declared_by: row.declared_by, via: row.via}]->(t:Entity {ref: row.target})
DELETE r
