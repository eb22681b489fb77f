// What does the graph hold of these refs, at which edges end? What they declare is not asked.
UNWIND $refs AS ref
MATCH (e:Entity {ref: ref})
RETURN collect([e.ref, elementId(e), e.version, e.epoch]) AS found
