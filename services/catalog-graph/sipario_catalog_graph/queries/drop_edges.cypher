// Which edges belong to these declarers? All of them are written anew.
UNWIND $refs AS ref
MATCH (e:Entity {ref: ref})-[r]-(:Entity)
WHERE r.declared_by = ref
DELETE r
