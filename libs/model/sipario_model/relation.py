"""Relations: what an entity's spec says of its neighbours, each stored once and read in two directions."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, NamedTuple

from sipario_model.ref import EntityRef, parts

PAIRS: Mapping[str, str] = MappingProxyType(
    {
        "ownedBy": "ownerOf",
        "partOf": "hasPart",
        "providesApi": "apiProvidedBy",
        "consumesApi": "apiConsumedBy",
        "dependsOn": "dependencyOf",
        "memberOf": "hasMember",
        "childOf": "parentOf",
    }
)
_INVERSES: Mapping[str, str] = MappingProxyType(
    {**PAIRS, **{backward: forward for forward, backward in PAIRS.items()}}
)


@dataclass(frozen=True, slots=True, order=True)
class Relation:
    """One relation between two entity refs, in the canonical direction (a key of PAIRS)."""

    source: str
    type: str
    target: str


class RelationField(NamedTuple):
    """A field of `spec` that holds one ref or a list of refs, and the relation from its entity to each."""

    name: str
    type: str
    default_kind: str | None


class SpecRef(NamedTuple):
    """One ref as written in `spec`: where it stands, what it says, and what it means."""

    field: RelationField
    path: tuple[str | int, ...]
    text: str


_OWNER = RelationField("owner", "ownedBy", "group")
_SYSTEM = RelationField("system", "partOf", "system")
_DEPENDS = (
    RelationField("dependsOn", "dependsOn", None),
    RelationField("dependencyOf", "dependencyOf", None),
)

FIELDS: Mapping[str, tuple[RelationField, ...]] = MappingProxyType(
    {
        "component": (
            _OWNER,
            RelationField("subcomponentOf", "partOf", "component"),
            _SYSTEM,
            RelationField("providesApis", "providesApi", "api"),
            RelationField("consumesApis", "consumesApi", "api"),
            *_DEPENDS,
        ),
        "api": (_OWNER, _SYSTEM),
        "resource": (_OWNER, _SYSTEM, *_DEPENDS),
        "system": (_OWNER, RelationField("domain", "partOf", "domain")),
        "domain": (_OWNER, RelationField("subdomainOf", "partOf", "domain")),
        "user": (RelationField("memberOf", "memberOf", "group"),),
        "group": (
            RelationField("members", "hasMember", "user"),
            RelationField("parent", "childOf", "group"),
            RelationField("children", "parentOf", "group"),
        ),
        "template": (_OWNER,),
        "airesource": (_OWNER, _SYSTEM),
    }
)


def inverse(type: str) -> str:  # noqa: A002 - the word of the contract
    """Return the relation type seen from the other end; KeyError for a type that has no pair."""
    return _INVERSES[type]


def refs_in(entity: Mapping[str, Any]) -> Iterator[SpecRef]:
    """Yield every ref that the entity's spec holds, unparsed; what is not a string is passed over."""
    kind, spec = entity.get("kind"), entity.get("spec")
    if not isinstance(kind, str) or not isinstance(spec, Mapping):
        return
    for field in FIELDS.get(kind.lower(), ()):
        value = spec.get(field.name)
        if isinstance(value, str):
            yield SpecRef(field, ("spec", field.name), value)
        elif isinstance(value, list):
            for index, item in enumerate(value):
                if isinstance(item, str):
                    yield SpecRef(field, ("spec", field.name, index), item)


def relations_of(entity: Mapping[str, Any]) -> tuple[Relation, ...]:
    """Return the relations that an entity declares: canonical, distinct, sorted; RefError for a bad ref."""
    own = EntityRef.of(entity)
    source = str(own)
    found = set()
    for field, _, text in refs_in(entity):
        kind, namespace, name = parts(text, field.default_kind, own.namespace)
        found.add(_canonical(source, field.type, f"{kind.lower()}:{namespace.lower()}/{name.lower()}"))
    return tuple(sorted(found))


def _canonical(source: str, type_: str, target: str) -> Relation:
    if type_ in PAIRS:
        return Relation(source, type_, target)
    return Relation(target, _INVERSES[type_], source)
