"""Relations: what an entity's spec says of its neighbours, each stored once and read in two directions."""

from collections.abc import Iterable, Iterator, Mapping
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


@dataclass(frozen=True, slots=True, order=True)
class RelationType:
    """A canonical type that is not built in, and its inverse; with `impact`, the source breaks when the target does."""

    type: str
    inverse: str
    impact: bool = False


class RelationField(NamedTuple):
    """A field of `spec` that holds one ref or a list of refs, and the relation from its entity to each.

    Without `allowed_kinds`, which are in lower case, a ref may be of any kind.
    """

    name: str
    type: str
    default_kind: str | None
    allowed_kinds: tuple[str, ...] = ()


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
        "kinddefinition": (_OWNER,),
        "location": (),
    }
)
"""The fields of the built-in kinds, by kind in lower case."""
_NO_TYPES: Mapping[str, RelationType] = MappingProxyType({})


def inverse(type: str) -> str:  # noqa: A002 - the word of the contract
    """Return the relation type seen from the other end; KeyError for a type that has no pair."""
    return _INVERSES[type]


def refs_in(entity: Mapping[str, Any], fields: Iterable[RelationField]) -> Iterator[SpecRef]:
    """Yield every ref that these fields of the entity's spec hold, unparsed; what is not a string is passed over."""
    spec = entity.get("spec")
    if not isinstance(spec, Mapping):
        return
    for field in fields:
        value = spec.get(field.name)
        if isinstance(value, str):
            yield SpecRef(field, ("spec", field.name), value)
        elif isinstance(value, list):
            for index, item in enumerate(value):
                if isinstance(item, str):
                    yield SpecRef(field, ("spec", field.name, index), item)


def relations_of(
    entity: Mapping[str, Any],
    fields: Mapping[str, tuple[RelationField, ...]] = FIELDS,
    types: Mapping[str, RelationType] = _NO_TYPES,
) -> tuple[Relation, ...]:
    """Return the relations that an entity declares: canonical, distinct, sorted; RefError for a bad ref.

    `fields` are those of each kind in lower case, `types` those that are not built in, by both of their names.
    """
    own = EntityRef.of(entity)
    source = str(own)
    found = set()
    for field, _, text in refs_in(entity, fields.get(own.kind, ())):
        kind, namespace, name = parts(text, field.default_kind, own.namespace)
        target = f"{kind.lower()}:{namespace.lower()}/{name.lower()}"
        found.add(_canonical(Relation(source, field.type, target), types))
    return tuple(sorted(found))


def _canonical(seen: Relation, types: Mapping[str, RelationType]) -> Relation:
    known = types.get(seen.type)
    if seen.type in PAIRS or (known and known.type == seen.type):
        return seen
    return Relation(seen.target, known.type if known else _INVERSES[seen.type], seen.source)
