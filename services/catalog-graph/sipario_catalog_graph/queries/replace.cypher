// How are these entities now? Everything that they were before is forgotten.
UNWIND $rows AS row
MATCH (e:Entity {ref: row.ref})
SET e = row
