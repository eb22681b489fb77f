// Which edges of one type are no longer declared by those who declared them?
UNWIND $rows AS row
MATCH (s:Entity {ref: row.source})-[r:TYPE {declared_by: row.declared_by}]->(t:Entity {ref: row.target})
DELETE r
