"""An entity flattened into the rows that filters, facets and orders look at.

Keys are dotted paths in lower case. Each item of a list stands under the path of the list. A list of strings also
answers `path.item`; that needs no rows of its own, for the list's column knows, so only the list's key is noted.
"""

from collections.abc import Container, Mapping, Sequence
from typing import Any

from sipario_model.uid import uid_of

Rows = dict[str, list[str | None]]

LONGEST = 200
APART = frozenset({"attachments", "metadata", "relations", "status"})
COMPUTED = frozenset({"name", "namespace", "uid", "etag"})
NAME, NAMESPACE, UID = "metadata.name", "metadata.namespace", "metadata.uid"


class Key:
    """One key of the tree: its whole path, and the keys below it as they are written."""

    __slots__ = ("inner", "path")

    def __init__(self, path: str) -> None:
        self.path = path
        self.inner: dict[str, Key] = {}


class Paths:
    """All keys that entities ever had, as a tree.

    Walking it costs a fraction of joining the paths of each entity anew.
    """

    def __init__(self) -> None:
        self._all = {NAME, NAMESPACE, UID}
        self._lists: set[str] = set()
        self._root = Key("")
        self._metadata = self._grow(self._root, "metadata")

    def __contains__(self, path: str) -> bool:
        return path in self._all

    def lists(self, path: str) -> bool:
        """Whether some entity has a list there."""
        return path in self._lists

    def rows(self, entity: Mapping[str, Any], ref: str, wanted: Container[str]) -> Rows:
        """Flatten an entity to the wanted keys.

        A value that is null or longer than 200 becomes None: it exists, and equals nothing.
        """
        metadata = entity.get("metadata", {})
        rows: Rows = {NAME: [metadata.get("name")], NAMESPACE: [metadata.get("namespace") or "default"]}
        if UID in wanted:
            rows[UID] = [uid_of(ref)]
        plain = {key: value for key, value in metadata.items() if key not in COMPUTED}
        self._flatten(self._metadata, plain, wanted, rows)
        rest = {key: value for key, value in entity.items() if key not in APART}
        self._flatten(self._root, rest, wanted, rows)
        return rows

    def _grow(self, above: Key, name: str) -> Key:
        path = f"{above.path}.{name.lower()}" if above.path else name.lower()
        grown = above.inner[name] = Key(path)
        if len(path) <= LONGEST:
            self._all.add(path)
        return grown

    def _flatten(self, key: Key, values: Mapping[str, Any], wanted: Container[str], rows: Rows) -> None:
        inner = key.inner
        for name, value in values.items():
            below = inner.get(name) or self._grow(key, name)
            if isinstance(value, dict):
                self._flatten(below, value, wanted, rows)
            elif isinstance(value, list):
                self._list(below, value, wanted, rows)
            elif below.path in wanted:
                rows.setdefault(below.path, []).append(text_of(value))

    def _list(self, key: Key, values: Sequence[Any], wanted: Container[str], rows: Rows) -> None:
        self._lists.add(key.path)
        for value in values:
            if isinstance(value, dict):
                self._flatten(key, value, wanted, rows)
            elif isinstance(value, list):
                self._list(key, value, wanted, rows)
            elif key.path in wanted:
                rows.setdefault(key.path, []).append(text_of(value))


def text_of(value: Any) -> str | None:
    """A value as it is compared: as JavaScript writes it; None when it equals nothing."""
    if isinstance(value, str):
        return value if len(value) <= LONGEST else None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return None if value is None else str(value)
