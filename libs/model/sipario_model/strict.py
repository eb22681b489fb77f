"""One schema a kind that only entities without any problem pass: the good majority, judged at once."""

from collections.abc import Iterable
from typing import Any

from sipario_model.relation import RelationField
from sipario_model.schemas import Schema, fields

ROOT_FIELDS = frozenset({"apiVersion", "kind", "metadata", "spec", "relations", "status"})

# Narrower than the formats where the exact rule needs more than a pattern: what fails here is judged in full.
_NAME = r"[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?"
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?"
_PREFIX = rf"{_LABEL}(?:\.{_LABEL}){{0,5}}/"
_KEY: Schema = {"pattern": rf"^(?:{_PREFIX})?{_NAME}$"}
_REF = r"(?:[A-Za-z0-9-]+/)?[A-Za-z0-9_.-]+$"

_METADATA = fields(
    {
        "name": {"pattern": f"^{_NAME}$"},
        "namespace": {"pattern": "^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$"},
        "labels": {"propertyNames": _KEY, "additionalProperties": {"pattern": f"^(?:{_NAME})?$"}},
        "annotations": {"propertyNames": _KEY},
        "tags": {"items": {"maxLength": 63, "pattern": r"^[a-z0-9:+#]+(?:-[a-z0-9:+#]+)*$"}},
        "links": {"items": fields({"title": {"pattern": r"[A-Za-z0-9]"}, "icon": {"pattern": f"^{_NAME}$"}})},
    }
)


def strict(schema: Schema, relations: Iterable[RelationField]) -> Schema:
    """Return the schema narrowed by the formats of names and refs, and closed at the root."""
    refs = {field.name: _ref(field) for field in relations}
    root: dict[str, Any] = {"propertyNames": {"enum": sorted(ROOT_FIELDS)}}
    return {**root, "allOf": [schema, fields({"metadata": _METADATA, "spec": fields(refs)})]}


def _ref(field: RelationField) -> Schema:
    kind = f"(?:{'|'.join(field.allowed_kinds)}):" if field.allowed_kinds else "[A-Za-z0-9]+:"
    pattern = {"pattern": f"^(?:{kind})?{_REF}" if field.default_kind else f"^{kind}{_REF}"}
    return {**pattern, "items": pattern}
