// What are these?
UNWIND $refs AS ref
MATCH (e:Entity {ref: ref})
RETURN e.ref AS ref, e.kind AS kind, e.name AS name, e.title AS title, e.type AS type, e.owner AS owner,
       e.version AS version, e.gone AS gone
