"""JSON Schemas of the built-in kinds, written with a few words so that each kind reads as one screen."""

from typing import Any

Schema = dict[str, Any]

TEXT: Schema = {"type": "string", "minLength": 1}
TEXTS: Schema = {"type": "array", "items": TEXT}
STRING: Schema = {"type": "string"}
ANYTHING: Schema = {}


def fields(properties: Schema, required: tuple[str, ...] = ()) -> Schema:
    """Return the schema of an object with these properties, open to others."""
    schema: Schema = {"type": "object", "properties": properties}
    return {**schema, "required": list(required)} if required else schema


METADATA = fields(
    {
        "uid": TEXT,
        "etag": TEXT,
        "name": TEXT,
        "namespace": TEXT,
        "title": TEXT,
        "description": STRING,
        "labels": {"type": "object", "additionalProperties": STRING},
        "annotations": {"type": "object", "additionalProperties": STRING},
        "tags": TEXTS,
        "links": {
            "type": "array",
            "items": fields({"url": TEXT, "title": TEXT, "icon": TEXT, "type": TEXT}, ("url",)),
        },
    },
    ("name",),
)
_RELATION = fields({"type": {**TEXT, "pattern": r"^\w+$"}, "targetRef": TEXT}, ("type", "targetRef"))
_STATUS = fields(
    {"type": TEXT, "level": {"enum": ["info", "warning", "error"]}, "message": STRING},
    ("type", "level", "message"),
)
ENVELOPE = fields(
    {
        "apiVersion": TEXT,
        "kind": TEXT,
        "metadata": METADATA,
        "spec": {"type": "object"},
        "relations": {"type": "array", "items": _RELATION},
        "status": fields({"items": {"type": "array", "items": _STATUS}}),
    },
    ("apiVersion", "kind", "metadata"),
)

_PROFILE = fields({"displayName": TEXT, "email": TEXT, "picture": TEXT})
_OWNED: Schema = {"type": TEXT, "lifecycle": TEXT, "owner": TEXT, "system": TEXT}
_DEPENDS: Schema = {"dependsOn": TEXTS, "dependencyOf": TEXTS}

COMPONENT = fields(
    {**_OWNED, "subcomponentOf": TEXT, "providesApis": TEXTS, "consumesApis": TEXTS, **_DEPENDS},
    ("type", "lifecycle", "owner"),
)
API: Schema = {
    **fields(_OWNED, ("type", "lifecycle", "owner")),
    "if": {"properties": {"type": {"const": "mcp-server"}}, "required": ["type"]},
    "then": fields(
        {"remotes": {"type": "array", "items": fields({"type": TEXT, "url": TEXT}, ("type", "url"))}},
        ("remotes",),
    ),
    "else": fields({"definition": TEXT}, ("definition",)),
}
RESOURCE = fields({"type": TEXT, "owner": TEXT, "system": TEXT, **_DEPENDS}, ("type", "owner"))
SYSTEM = fields({"owner": TEXT, "domain": TEXT, "type": TEXT}, ("owner",))
DOMAIN = fields({"owner": TEXT, "subdomainOf": TEXT, "type": TEXT}, ("owner",))
GROUP = fields(
    {"type": TEXT, "profile": _PROFILE, "parent": TEXT, "children": TEXTS, "members": TEXTS},
    ("type", "children"),
)
USER = fields({"profile": _PROFILE, "memberOf": TEXTS})
LOCATION = fields(
    {"type": TEXT, "target": TEXT, "targets": TEXTS, "presence": {"enum": ["required", "optional"]}}
)
AI_RESOURCE = fields(
    {
        **_OWNED,
        "disciplines": TEXTS,
        "categories": TEXTS,
        "agents": TEXTS,
        "allowedTools": TEXTS,
        "license": TEXT,
        "compatibility": TEXT,
    },
    ("type", "lifecycle", "owner"),
)

_CONDITION: Schema = {"type": ["string", "boolean"]}
_PERMISSIONS = fields({"tags": TEXTS})
_STEP = fields(
    {
        "id": STRING,
        "name": STRING,
        "action": STRING,
        "input": {"type": "object"},
        "if": _CONDITION,
        "each": {"type": ["string", "array", "object"]},
        "backstage:permissions": _PERMISSIONS,
    },
    ("action",),
)
_PARAMETERS = fields({"backstage:permissions": _PERMISSIONS})
_LINK = fields({"url": TEXT, "entityRef": TEXT, "title": TEXT, "icon": TEXT, "if": _CONDITION})
_OUTPUT_TEXT = fields({"title": TEXT, "icon": TEXT, "content": TEXT, "if": _CONDITION})
_BUTTONS = fields({"backButtonText": TEXT, "createButtonText": TEXT, "reviewButtonText": TEXT})
_DECORATOR = fields({"id": STRING, "input": {"type": "object"}}, ("id",))
TEMPLATE = fields(
    {
        "type": TEXT,
        "owner": TEXT,
        "lifecycle": TEXT,
        "presentation": fields({"buttonLabels": _BUTTONS}),
        "parameters": {
            "type": ["object", "array"],
            "items": _PARAMETERS,
            "properties": _PARAMETERS["properties"],
        },
        "steps": {"type": "array", "items": _STEP},
        "output": fields(
            {"links": {"type": "array", "items": _LINK}, "text": {"type": "array", "items": _OUTPUT_TEXT}}
        ),
        "formDecorators": {
            "type": "array",
            "items": fields({"id": STRING, "input": {"type": "object"}}, ("id",)),
        },
        "secrets": fields({"schema": {"type": "object"}}),
    },
    ("type", "steps"),
)

_WORD: Schema = {**TEXT, "pattern": r"^[A-Za-z][A-Za-z0-9_]{0,62}$"}
_RELATION_FIELD: Schema = {
    **fields(
        {
            "field": {**TEXT, "maxLength": 63},
            "type": _WORD,
            "inverse": _WORD,
            "defaultKind": TEXT,
            "allowedKinds": {**TEXTS, "minItems": 1, "maxItems": 50},
            "impact": {"type": "boolean"},
        },
        ("field", "type"),
    ),
    "additionalProperties": False,
}
_ALONG: Schema = {"type": "array", "items": _WORD, "minItems": 1, "maxItems": 5}
_FIELD: Schema = {"type": "string", "pattern": r"^(metadata|spec)\.\S+$", "maxLength": 200}
_WANTED: Schema = {"type": ["string", "number", "boolean"]}
_MIRROR: Schema = {
    **fields({"along": _ALONG, "field": _FIELD}, ("along", "field")),
    "additionalProperties": False,
}
_AGGREGATE: Schema = {
    **fields(
        {
            "function": {"enum": ["count", "sum", "min", "max", "average"]},
            "along": _ALONG,
            "transitive": {"type": "boolean"},
            "kinds": {**TEXTS, "minItems": 1, "maxItems": 50},
            "where": {
                "type": "object",
                "propertyNames": _FIELD,
                "additionalProperties": {
                    "type": [*_WANTED["type"], "array"],
                    "items": _WANTED,
                    "minItems": 1,
                    "maxItems": 50,
                },
                "maxProperties": 10,
            },
            "field": _FIELD,
        },
        ("function", "along"),
    ),
    "additionalProperties": False,
}
_PROPERTY: Schema = {
    **fields(
        {"title": TEXT, "description": TEXT, "mirror": _MIRROR, "compute": TEXT, "aggregate": _AGGREGATE}
    ),
    "additionalProperties": False,
}
KIND_DEFINITION: Schema = {
    **fields(
        {
            "owner": TEXT,
            "names": {**fields({"kind": TEXT, "plural": TEXT}, ("kind",)), "additionalProperties": False},
            "apiVersions": {**TEXTS, "minItems": 1, "maxItems": 10},
            "icon": TEXT,
            "schema": {"type": "object"},
            "relations": {"type": "array", "items": _RELATION_FIELD, "maxItems": 50},
            "properties": {
                "type": "object",
                "propertyNames": _WORD,
                "additionalProperties": _PROPERTY,
                "maxProperties": 50,
            },
        },
        ("owner", "names"),
    ),
    "additionalProperties": False,
}
