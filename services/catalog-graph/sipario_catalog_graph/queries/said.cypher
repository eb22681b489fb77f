// Is there anything left to say? No.
MATCH (c:Checkpoint {projection: $projection})
SET c.unsaid = ''
