"""One entity as the catalog serves it: bytes, made once."""

from collections.abc import Iterable, Mapping
from hashlib import blake2b
from typing import Any

import orjson
from sipario_model.status import StatusItem

from sipario_catalog_graph.rows import uid_of

NO_ETAG = "0" * 40


class Entry:
    """An entity's bytes without and, once asked for, with what the catalog computes: relations, status, etag.

    Only one of the two is kept: what is served begins with what was declared, so the one is cut out of the other.
    """

    __slots__ = ("_body", "_declared", "_etag", "_made", "number", "ref", "version")

    def __init__(self, number: int, ref: str, version: int, body: bytes) -> None:
        self.number = number
        self.ref = ref
        self.version = version
        self._declared = len(body)
        self._etag = body.index(NO_ETAG.encode())
        self._body = body
        self._made = False

    def declared(self) -> dict[str, Any]:
        """The entity without its relations."""
        found: dict[str, Any] = orjson.loads(self._body[: self._declared] + b"}")
        return found

    def stale(self) -> None:
        """Forget what was computed: a relation changed."""
        if self._made:
            self._body, self._made = self._body[: self._declared], False

    def served(self, relations: Iterable[str]) -> bytes:
        """The whole entity; `relations` are `type ref` texts, and looked at only when there is something to make."""
        if not self._made:
            pairs = [text.partition(" ") for text in sorted(relations)]
            shown = orjson.dumps([{"type": type_, "targetRef": ref} for type_, _, ref in pairs])
            whole = self._body + b',"relations":' + shown + b"}"
            start, stop = self._etag, self._etag + len(NO_ETAG)
            etag = blake2b(whole[:start] + whole[stop:], digest_size=len(NO_ETAG) // 2).hexdigest().encode()
            self._body, self._made = whole[:start] + etag + whole[stop:], True
        return self._body


def body_of(entity: Mapping[str, Any], ref: str, status: Iterable[StatusItem]) -> bytes:
    """Encode what an entity declares and what processing said of it, open at its end, with room for the etag."""
    metadata = {key: value for key, value in entity.get("metadata", {}).items() if key not in ("uid", "etag")}
    metadata.setdefault("namespace", "default")
    whole = {"metadata": {"etag": NO_ETAG, "uid": uid_of(ref), **metadata}}
    whole |= {key: value for key, value in entity.items() if key not in ("metadata", "relations", "status")}
    items = [item.model_dump(exclude_none=True) for item in status]
    if items:
        whole["status"] = {"items": items}
    return orjson.dumps(whole)[:-1]
