// Which entities of one kind are new? Each property by its name: `SET e += row` would write every record twice.
UNWIND $rows AS row
CREATE (e:Entity:LABEL {
  ref: row.ref, kind: row.kind, namespace: row.namespace, name: row.name, title: row.title,
  description: row.description, type: row.type, lifecycle: row.lifecycle, owner: row.owner, tags: row.tags,
  version: row.version, gone: row.gone, missing: row.missing, epoch: row.epoch, declares: row.declares
})
RETURN collect([e.ref, elementId(e)]) AS found
