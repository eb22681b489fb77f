"""Users and groups as entities."""

import re
from collections.abc import Mapping, MutableMapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from sipario_model import EntityRef

from sipario_ldap.entry import Entry, likeness
from sipario_ldap.settings import Part
from sipario_ldap.vendor import Vendor

RDN = "backstage.io/ldap-rdn"
UUID = "backstage.io/ldap-uuid"
DN = "backstage.io/ldap-dn"

_FIELDS: Mapping[str, tuple[str, ...]] = {
    "name": ("metadata", "name"),
    "description": ("metadata", "description"),
    "rdn": ("metadata", "annotations", RDN),
    "type": ("spec", "type"),
    "displayName": ("spec", "profile", "displayName"),
    "email": ("spec", "profile", "email"),
    "picture": ("spec", "profile", "picture"),
}
_SPECS: Mapping[str, Mapping[str, Any]] = {
    "User": {"profile": {}, "memberOf": []},
    "Group": {"type": "unknown", "profile": {}, "children": []},
}
_STEP = re.compile(r"""\[["']?([^\]"']+)["']?\]|([^.\[\]]+)""")


@dataclass(frozen=True, slots=True)
class Person:
    """An entity with the groups and the members that its entry names, by what `likeness` makes of their ids."""

    entity: dict[str, Any]
    dn: str
    groups: frozenset[str] = frozenset()
    members: frozenset[str] = frozenset()

    @property
    def ref(self) -> str:
        """Return the entity's ref; empty when it has no name."""
        metadata = self.entity["metadata"]
        name, namespace = str(metadata.get("name") or ""), str(metadata.get("namespace") or "default")
        return str(EntityRef(self.entity["kind"], namespace, name)) if name else ""

    @property
    def ids(self) -> tuple[str, str, str]:
        """Return by what others may name it, the surest first; empty for what it has not."""
        annotations = self.entity["metadata"]["annotations"]
        uuid, rdn = (likeness(str(annotations.get(id_, ""))) for id_ in (UUID, RDN))
        return likeness(self.dn), uuid, rdn


def person(kind: str, part: Part, entry: Entry, vendor: Vendor) -> Person:
    """Make a User or a Group of an entry."""
    entity = {
        "apiVersion": "backstage.io/v1beta1",
        "kind": kind,
        "metadata": {"annotations": {}},
        "spec": deepcopy(_SPECS[kind]),
    }
    for path, value in part.sets.items():
        put(entity, [quoted or plain for quoted, plain in _STEP.findall(path)], deepcopy(value))
    for place, text in _filled(part, entry, vendor).items():
        if text:
            put(entity, place, text)
    return Person(entity, entry.dn, _named(part, entry, "memberOf"), _named(part, entry, "members"))


def put(entity: MutableMapping[str, Any], place: Sequence[str], value: Any) -> None:
    """Put a value at a place, and make what leads there."""
    here = entity
    for step in place[:-1]:
        inner = here.get(step)
        if not isinstance(inner, dict):
            inner = here[step] = {}
        here = inner
    here[place[-1]] = value


def _filled(part: Part, entry: Entry, vendor: Vendor) -> dict[tuple[str, ...], str]:
    dn = entry.text(vendor.dn) or entry.dn
    return {
        **{place: entry.text(part.attributes.get(field, "")) for field, place in _FIELDS.items()},
        ("metadata", "annotations", UUID): entry.text(vendor.uuid),
        ("metadata", "annotations", DN): dn.lower() if vendor.lowers else dn,
    }


def _named(part: Part, entry: Entry, field: str) -> frozenset[str]:
    attribute = part.attributes.get(field)
    return frozenset(map(likeness, entry.texts(attribute))) if attribute else frozenset()
