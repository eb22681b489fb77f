"""The columns by which entities are found; made when first asked for, and kept up to date from then on."""

from collections.abc import Callable, Collection, Container, Iterable, Mapping, Sequence
from typing import Any

from sipario_catalog_graph.column import Column
from sipario_catalog_graph.found import PROPERTIES, place
from sipario_catalog_graph.rows import LONGEST, Paths, Rows

RELATIONS = "relations."
ALWAYS = (
    "kind",
    "metadata.name",
    "metadata.namespace",
    "metadata.tags",
    "metadata.title",
    "spec.lifecycle",
    "spec.owner",
    "spec.profile.displayname",
    "spec.system",
    "spec.type",
)
NONE: Rows = {}
LONGEST_ITEM = 2 * LONGEST + 1

Scan = Callable[[Collection[str]], Iterable[tuple[int, str, Rows]]]


class Index:
    """Columns by key, in lower case.

    `scan` yields number, ref and rows of all entities, of some keys at least; `refs` names entities by number.
    `settle` is called before a property is looked at. A key that no entity ever had costs nothing to ask for.
    """

    def __init__(self, scan: Scan, refs: Sequence[str], settle: Callable[[], object]) -> None:
        self._paths = Paths()
        self._scan = scan
        self._refs = refs
        self._settle = settle
        self._added: set[str] = set()
        self._columns = {key: Column() for key in ALWAYS}

    def rows(self, entity: Mapping[str, Any], ref: str, keys: Container[str] | None = None) -> Rows:
        """The rows of an entity that some keys need; those that its columns need when no keys are given."""
        return self._paths.rows(entity, ref, self._columns if keys is None else keys)

    def replace(self, number: int, old: Rows, new: Rows) -> None:
        """Let an entity have other rows than before."""
        ref = self._refs[number]
        for key in {*old, *new}.intersection(self._columns):
            self._columns[key].replace(number, ref, old.get(key, ()), new.get(key, ()))

    def relate(self, number: int, type_: str, ref: str, *, come: bool) -> None:
        """Let an entity have one relation more or less."""
        key = f"{RELATIONS}{type_.lower()}"
        self._added.add(key)
        if column := self._columns.get(key):
            (column.add if come else column.remove)(number, ref)

    def derive(self, number: int, old: Rows, new: Rows) -> None:
        """Let an entity have other properties than before."""
        self._added.update(new)
        self.replace(number, old, new)

    def column(self, key: str) -> Column:
        """The column of a key; an empty one when no entity has it."""
        self.want([key])
        return self._columns.get(key) or Column()

    def want(self, keys: Iterable[str]) -> None:
        """Make sure of several columns with one look at the entities."""
        keys = list(keys)
        if any(key.startswith(PROPERTIES) for key in keys):
            self._settle()
        missing = {key for key in keys if key not in self._columns and self._known(key)}
        if missing:
            made = {key: Column(place) if key.startswith(PROPERTIES) else Column() for key in missing}
            for number, ref, rows in self._scan(missing):
                for key in missing.intersection(rows):
                    made[key].replace(number, ref, (), rows[key])
            self._columns |= made

    def equal(self, key: str, value: str) -> int:
        """The entities whose key has a value; `path.item` is true for those whose list at `path` has the item."""
        found = self.column(key).equal(value)
        if value == "true":
            for path, item in self._items(key):
                found |= self.column(path).equal(item)
        return found

    def present(self, key: str) -> int:
        """The entities that have a key."""
        found = self.column(key).present()
        for path, item in self._items(key):
            found |= self.column(path).equal(item)
        return found

    def _known(self, key: str) -> bool:
        return key in self._paths or key in self._added

    def _items(self, key: str) -> Iterable[tuple[str, str]]:
        at = key.find(".") if len(key) <= LONGEST_ITEM else -1
        while at >= 0:
            if self._paths.lists(key[:at]):
                yield key[:at], key[at + 1 :]
            at = key.find(".", at + 1)
