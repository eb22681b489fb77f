// Where does a walk begin?
MATCH (e:Entity {ref: $ref})
RETURN elementId(e) AS id
