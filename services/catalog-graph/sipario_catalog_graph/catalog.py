"""All entities as they are now: folded from events, stitched with their relations, indexed."""

from collections.abc import Collection, Iterable, Iterator
from sys import intern
from typing import Any

from sipario_events import EntityChanged
from sipario_kit.errors import Unavailable
from sipario_model.definition import KIND
from sipario_model.properties import Property, properties_of
from sipario_model.ref import EntityRef

from sipario_catalog_graph.ancestry import Ancestry
from sipario_catalog_graph.derived import Derived
from sipario_catalog_graph.entry import Entry, about_of, body_of, items_of
from sipario_catalog_graph.found import PROPERTIES, Found
from sipario_catalog_graph.index import NONE, RELATIONS, Index
from sipario_catalog_graph.order import Order
from sipario_catalog_graph.relations import Relations, View, relation_rows
from sipario_catalog_graph.rows import Rows

DEFINITIONS = f"{KIND.lower()}:"
SETTLE_SECONDS = 0.5


class Catalog:
    """The fold of `catalog.entities.v1`. Only a greater version overwrites; what is gone keeps its version.

    Entities have numbers, given again when they go, by which columns and bitmaps name them.
    """

    def __init__(self, *, patience: float = SETTLE_SECONDS) -> None:
        self.refs: list[str] = []
        self._patience = patience
        self.live = 0
        self.relations = Relations()
        self._entries: dict[str, Entry] = {}
        self.derived = Derived(self.relations, self._entries.keys, self._declared, self._derive)
        self.index = Index(self._scan, self.refs, self._settle)
        self.ancestry = Ancestry()
        self._versions: dict[str, int] = {}
        self._free: list[int] = []
        self._order = Order(())

    def __len__(self) -> int:
        return len(self._entries)

    def version(self, ref: str) -> int:
        """The version that a ref has reached; 0 for one never heard of."""
        return self._versions.get(ref, 0)

    def entry(self, ref: str) -> Entry | None:
        """An entity by its ref, exactly as written."""
        return self._entries.get(ref)

    def served(self, ref: str) -> bytes:
        """The bytes of an entity; KeyError when there is none."""
        entry, found = self._entries[ref], self.derived.of(ref)
        return entry.made or entry.make(self.relations.of(ref), found)

    def all_served(self, refs: Iterable[str]) -> list[bytes | None]:
        """The bytes of several entities, None for each that is not there; much quicker than one by one."""
        entries, settled = map(self._entries.get, refs), self.derived.settled
        return [((settled and entry.made) or self.served(entry.ref)) if entry else None for entry in entries]

    def order(self) -> Order:
        """All entities, sorted by ref."""
        return self._order

    def fold(self, event: EntityChanged) -> bool:
        """Take an event in; tells whether it was news. What raises has changed nothing."""
        if event.version <= self.version(event.ref):
            return False
        ref = intern(event.ref)
        defines = ref.startswith(DEFINITIONS)
        properties = properties_of(event.entity) if defines and not event.gone else ()
        if event.gone:
            self._go(ref)
        else:
            self._come(ref, event)
        self._versions[ref] = event.version
        self.derived.heard(ref, self._relate(event))
        if defines:
            self._define(ref, properties, event.location)
        return True

    def _come(self, ref: str, event: EntityChanged) -> None:
        known = self._entries.get(ref)
        body, items = body_of(event.entity, ref), items_of(event.status)
        about = about_of(event.entity, ref, event.relations)
        new, old = self.index.rows(event.entity, ref), self._rows(known) if known else NONE
        number = known.number if known else self._number(ref)
        self._entries[ref] = Entry(number, ref, event.version, body, about, items)
        self.index.replace(number, old, new)
        self.ancestry.replace(ref, event.entity)
        if not known:
            self._order.replace(number, ref, ref)
            self._show(ref, number, come=True)

    def _go(self, ref: str) -> None:
        self.derived.forget(ref)
        entry = self._entries.pop(ref, None)
        if entry:
            self.index.replace(entry.number, self._rows(entry), NONE)
            self.ancestry.replace(ref, {})
            self._show(ref, entry.number, come=False)
            self._order.replace(entry.number, ref, None)
            self.live &= ~(1 << entry.number)
            self.refs[entry.number] = ""
            self._free.append(entry.number)

    def _relate(self, event: EntityChanged) -> list[View]:
        relations = () if event.gone else event.relations
        come, gone = self.relations.declare(intern(event.ref), relations, event.types)
        for views, coming in ((gone, False), (come, True)):
            for end, type_, other in views:
                if entry := self._entries.get(end):
                    entry.stale()
                    self.index.relate(entry.number, type_, other, come=coming)
        return come + gone

    def _define(self, ref: str, properties: tuple[Property, ...], location: str) -> None:
        kind = ref.rpartition("/")[2]
        refs = [each for each in self._entries if each.startswith(f"{kind}:")]
        self.derived.define(kind, properties, location, refs)

    def _settle(self) -> None:
        # Nobody else is served meanwhile: what takes longer goes on beside requests.
        if not self.derived.settle(self._patience):
            raise Unavailable(
                f"Properties of {self.derived.left:,} entities are still worked out; ask again."
            )

    def _declared(self, ref: str) -> dict[str, Any] | None:
        entry = self._entries.get(ref)
        return entry.declared() if entry else None

    def _derive(self, ref: str, old: Found, new: Found) -> None:
        if entry := self._entries.get(ref):
            entry.stale()
            self.index.derive(entry.number, old.rows(), new.rows())

    def _show(self, ref: str, number: int, *, come: bool) -> None:
        for type_, other in self.relations.of(ref):
            self.index.relate(number, type_, other, come=come)

    def _number(self, ref: str) -> int:
        if self._free:
            number = self._free.pop()
            self.refs[number] = ref
        else:
            number = len(self.refs)
            self.refs.append(ref)
        self.live |= 1 << number
        return number

    def _rows(self, entry: Entry) -> Rows:
        return self.index.rows(entry.declared(), entry.ref)

    def _scan(self, keys: Collection[str]) -> Iterator[tuple[int, str, Rows]]:
        plain = any(not key.startswith((RELATIONS, PROPERTIES)) for key in keys)
        derived = any(key.startswith(PROPERTIES) for key in keys)
        related = any(key.startswith(RELATIONS) for key in keys)
        for ref, entry in self._entries.items():
            rows = self.index.rows(entry.declared(), ref, keys) if plain else {}
            if related:
                rows |= relation_rows(self.relations.of(ref))
            yield entry.number, ref, rows | (self.derived.of(ref).rows() if derived else NONE)


def named(kind: str, namespace: str, name: str) -> str:
    """The ref that three parts of a path mean."""
    return str(EntityRef(kind, namespace, name))
