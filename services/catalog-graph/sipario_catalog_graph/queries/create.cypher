// Which entities of one kind are new?
UNWIND $rows AS row
CREATE (e:Entity:LABEL {ref: row.ref})
SET e += row
RETURN collect([e.ref, elementId(e)]) AS found
