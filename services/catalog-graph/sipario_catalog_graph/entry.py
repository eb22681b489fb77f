"""One entity as the catalog serves it: bytes, made once."""

from collections.abc import Iterable, Mapping
from hashlib import blake2b
from sys import intern
from typing import Any, NamedTuple

import orjson
from sipario_model.relation import Relation
from sipario_model.status import StatusItem
from sipario_model.uid import uid_of

from sipario_catalog_graph.found import NOTHING, Found

NO_ETAG = b"0" * 40


class About(NamedTuple):
    """What answers about the surroundings of an entity say of it; `name` as its author wrote it."""

    name: str
    title: str | None
    type: str | None
    owner: str | None


class Entry:
    """An entity's bytes without and, once asked for, with what the catalog computes: relations, status, etag.

    Only one of the two is kept: what is served begins with what was declared, so the one is cut out of the other.
    """

    __slots__ = ("_body", "_declared", "_etag", "about", "items", "made", "number", "ref", "version")

    def __init__(
        self, number: int, ref: str, version: int, body: bytes, about: About, items: bytes = b""
    ) -> None:
        self.number = number
        self.ref = ref
        self.version = version
        self.about = about
        self.items = items
        self.made: bytes | None = None
        self._declared = len(body)
        self._etag = body.index(NO_ETAG)
        self._body = body

    def declared(self) -> dict[str, Any]:
        """The entity without its status and relations."""
        found: dict[str, Any] = orjson.loads((self.made or self._body)[: self._declared] + b"}")
        return found

    def stale(self) -> None:
        """Forget what was computed: a relation or a property changed."""
        if self.made:
            self._body, self.made = self.made[: self._declared], None

    def make(self, relations: Iterable[tuple[str, str]], found: Found = NOTHING) -> bytes:
        """Compute the whole entity, with its relations (types and other refs) and what was found of its properties."""
        shown = orjson.dumps([{"type": type_, "targetRef": ref} for type_, ref in sorted(relations)])
        whole = b'%b%b,"relations":%b}' % (self._body, self._status(found), shown)
        start, stop = self._etag, self._etag + len(NO_ETAG)
        etag = blake2b(whole[:start] + whole[stop:], digest_size=len(NO_ETAG) // 2).hexdigest().encode()
        self.made, self._body = whole[:start] + etag + whole[stop:], b""
        return self.made

    def _status(self, found: Found) -> bytes:
        items = b",".join(filter(None, (self.items, items_of(found.problems))))
        parts = [b'"items":[%b]' % items] if items else []
        if found.values:
            parts.append(b'"properties":%b' % orjson.dumps(found.values))
        return b',"status":{%b}' % b",".join(parts) if parts else b""


def about_of(entity: Mapping[str, Any], ref: str, relations: Iterable[Relation]) -> About:
    """Take from an entity what its surroundings want to know; the owner is what it declares itself, as a ref."""
    metadata, spec = entity.get("metadata", {}), entity.get("spec") or {}
    owners = (each.target for each in relations if each.type == "ownedBy" and each.source == ref)
    type_, owner = _text(spec.get("type")), min(owners, default=None)
    return About(
        _text(metadata.get("name")) or ref.partition("/")[2],
        _text(metadata.get("title")),
        type_ and intern(type_),
        owner and intern(owner),
    )


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def items_of(status: Iterable[StatusItem]) -> bytes:
    """Encode status items, separated by commas."""
    return b",".join(orjson.dumps(item.model_dump(exclude_none=True)) for item in status)


def body_of(entity: Mapping[str, Any], ref: str) -> bytes:
    """Encode what an entity declares, open at its end, with room for the etag."""
    metadata = {key: value for key, value in entity.get("metadata", {}).items() if key not in ("uid", "etag")}
    metadata.setdefault("namespace", "default")
    whole = {"metadata": {"etag": NO_ETAG.decode(), "uid": uid_of(ref), **metadata}}
    whole |= {key: value for key, value in entity.items() if key not in ("metadata", "relations", "status")}
    return orjson.dumps(whole)[:-1]
