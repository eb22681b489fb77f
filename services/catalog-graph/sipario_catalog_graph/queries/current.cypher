// What does the graph hold of these refs, and what did each declare?
UNWIND $refs AS ref
MATCH (e:Entity {ref: ref})
RETURN e.ref AS ref, e.version AS version, e.epoch AS epoch, e.declares AS declares
