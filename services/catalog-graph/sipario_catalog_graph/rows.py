"""An entity flattened into the rows that filters, facets and orders look at.

Keys are dotted paths in lower case. Each item of a list stands under the path of the list. A list of strings also
answers `path.item`; that needs no rows of its own, for the list's column knows, so only the list's key is noted.
"""

from collections.abc import Mapping
from hashlib import sha1
from typing import Any
from uuid import NAMESPACE_URL

Rows = dict[str, list[str | None]]

LONGEST = 200
NOT_SEARCHED = frozenset({"attachments", "relations", "status"})
COMPUTED = frozenset({"name", "namespace", "uid", "etag"})


def uid_of(ref: str) -> str:
    """Name an entity for ever: the same ref has the same uid in every installation of every version."""
    # What uuid5 does, without its objects: this runs for every entity of every event.
    digest = bytearray(sha1(NAMESPACE_URL.bytes + ref.encode(), usedforsecurity=False).digest()[:16])
    digest[6] = digest[6] & 0x0F | 0x50
    digest[8] = digest[8] & 0x3F | 0x80
    text = digest.hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def rows_of(entity: Mapping[str, Any], ref: str, lists: set[str]) -> Rows:
    """Flatten an entity and note the keys of its lists in `lists`.

    A value that is null or longer than 200 becomes None: it exists, and equals nothing.
    """
    metadata = entity.get("metadata", {})
    rows: Rows = {
        "metadata.name": [metadata.get("name")],
        "metadata.namespace": [metadata.get("namespace") or "default"],
        "metadata.uid": [uid_of(ref)],
    }
    for key, value in entity.items():
        if key == "metadata":
            for name, each in metadata.items():
                if name not in COMPUTED:
                    _flatten(f"metadata.{name}".lower(), each, rows, lists)
        elif key not in NOT_SEARCHED:
            _flatten(key.lower(), value, rows, lists)
    return rows


def _flatten(path: str, value: Any, rows: Rows, lists: set[str]) -> None:
    if isinstance(value, dict):
        for key, each in value.items():
            _flatten(f"{path}.{key.lower()}", each, rows, lists)
    elif isinstance(value, list):
        lists.add(path)
        for each in value:
            _flatten(path, each, rows, lists)
    elif len(path) <= LONGEST:
        rows.setdefault(path, []).append(_text(value))


def _text(value: Any) -> str | None:
    if isinstance(value, str):
        return value if len(value) <= LONGEST else None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return None if value is None else str(value)
