// What does the graph hold of these refs, and what did each declare?
UNWIND $refs AS ref
MATCH (e:Entity {ref: ref})
RETURN collect([e.ref, elementId(e), e.version, e.epoch, e.declares]) AS found
