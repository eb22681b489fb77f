"""Every kind of entity that the catalog knows: built in, added by a definition, or left from one that went."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

import orjson
from sipario_model import KINDS, Kind, inverse
from sipario_model.definition import KIND, extends
from sipario_model.kinds import BACKSTAGE
from sipario_model.relation import PAIRS

from sipario_catalog_graph.catalog import Catalog
from sipario_catalog_graph.types import BREAKING

Described = dict[str, Any]

DEFINITION = f"{KIND.lower()}:default/"
SOURCES = ("mirror", "compute", "aggregate")

WORDS: Mapping[str, tuple[str, str, str]] = MappingProxyType(
    {
        "API": ("API", "APIs", "api"),
        "AiResource": ("AI resource", "AI resources", "sparkles"),
        "Component": ("Component", "Components", "component"),
        "Domain": ("Domain", "Domains", "domain"),
        "Group": ("Group", "Groups", "group"),
        "KindDefinition": ("Kind definition", "Kind definitions", "shapes"),
        "Location": ("Location", "Locations", "location"),
        "Resource": ("Resource", "Resources", "resource"),
        "System": ("System", "Systems", "system"),
        "Template": ("Template", "Templates", "template"),
        "User": ("User", "Users", "user"),
    }
)
"""Title, plural and icon of the built-in kinds."""


def kinds(catalog: Catalog) -> bytes:
    """Tell of every kind what it is called, how many there are, and what its entities must and may say."""
    counts = {name.lower(): count for name, count in catalog.index.column("kind").facet(None).items()}
    found = {each.name.lower(): _built_in(each) for each in KINDS.values()}
    definitions = list(_definitions(catalog))
    inverses = {
        each["type"]: each["inverse"]
        for entity in definitions
        for each in entity["spec"].get("relations", ())
        if "inverse" in each
    }
    inverses |= {backward: forward for forward, backward in inverses.items() if backward not in inverses}
    for entity in definitions:
        name = entity["metadata"]["name"]
        added = {"properties": _properties(entity), "definition": f"{DEFINITION}{name}"}
        known = found[name] if extends(entity) else _defined(entity, inverses)
        found[name] = {**known, **added}
    for name in catalog.index.column("kind").facet(None):
        found.setdefault(name.lower(), _left(name))
    items = [{**found[name], "count": counts.get(name, 0)} for name in sorted(found)]
    return orjson.dumps({"items": items})


def _definitions(catalog: Catalog) -> Iterator[Mapping[str, Any]]:
    left = catalog.index.equal("kind", KIND.lower())
    while left:
        entry = catalog.entry(catalog.refs[(left & -left).bit_length() - 1])
        if entry:
            yield entry.declared()
        left &= left - 1


def _built_in(kind: Kind) -> Described:
    title, plural, icon = WORDS[kind.name]
    relations: list[Described] = [
        {
            "field": each.name,
            "type": each.type,
            "inverse": inverse(each.type),
            "defaultKind": each.default_kind,
            "allowedKinds": [],
            "impact": each.type in BREAKING["dependencies"],
        }
        for each in kind.relations
    ]
    return {
        **_left(kind.name),
        "title": title,
        "plural": plural,
        "icon": icon,
        "apiVersions": kind.api_versions,
        "builtIn": True,
        "schema": kind.spec,
        "relations": relations,
    }


def _defined(entity: Mapping[str, Any], inverses: Mapping[str, str]) -> Described:
    metadata, spec = entity["metadata"], entity["spec"]
    names, title = spec["names"], metadata.get("title") or spec["names"]["kind"]
    return {
        "kind": names["kind"],
        "title": title,
        "plural": names.get("plural") or f"{title}s",
        "description": metadata.get("description"),
        "icon": spec.get("icon"),
        "apiVersions": spec.get("apiVersions", BACKSTAGE),
        "builtIn": False,
        "schema": spec.get("schema", {}),
        "relations": [_relation(each, inverses) for each in spec.get("relations", ())],
    }


def _properties(entity: Mapping[str, Any]) -> list[Described]:
    return [
        {
            "name": name,
            "title": each.get("title", name),
            "description": each.get("description"),
            "source": next(source for source in SOURCES if source in each),
        }
        for name, each in entity["spec"].get("properties", {}).items()
    ]


def _relation(each: Mapping[str, Any], inverses: Mapping[str, str]) -> Described:
    type_ = each["type"]
    built_in = type_ in PAIRS or type_ in PAIRS.values()
    return {
        "field": each["field"],
        "type": type_,
        "inverse": inverse(type_) if built_in else inverses.get(type_),
        "defaultKind": each.get("defaultKind"),
        "allowedKinds": each.get("allowedKinds", []),
        "impact": type_ in BREAKING["dependencies"] if built_in else each.get("impact", False),
    }


def _left(name: str) -> Described:
    """Describe a kind of which nothing is known but its name."""
    return {
        "kind": name,
        "title": name,
        "plural": f"{name}s",
        "description": None,
        "icon": None,
        "apiVersions": [],
        "builtIn": False,
        "definition": None,
        "schema": {},
        "relations": [],
        "properties": [],
    }
