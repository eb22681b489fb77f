"""All entities as they are now: folded from events, stitched with their relations, indexed."""

from collections.abc import Collection, Iterator, Mapping

from sipario_events import EntityChanged
from sipario_model.ref import EntityRef
from sipario_model.relation import Relation

from sipario_catalog_graph.ancestry import Ancestry
from sipario_catalog_graph.entry import Entry, about_of, body_of
from sipario_catalog_graph.index import NONE, RELATIONS, Index
from sipario_catalog_graph.order import Order
from sipario_catalog_graph.relations import Relations, ends, relation_rows
from sipario_catalog_graph.rows import Rows, rows_of

NOTHING: tuple[Relation, ...] = ()


class Catalog:
    """The fold of `catalog.entities.v1`. Only a greater version overwrites; what is gone keeps its version.

    Entities have numbers, given again when they go, by which columns and bitmaps name them.
    """

    def __init__(self) -> None:
        self.refs: list[str] = []
        self.live = 0
        self.index = Index(self._scan, self.refs)
        self.relations = Relations()
        self.ancestry = Ancestry()
        self._entries: dict[str, Entry] = {}
        self._versions: dict[str, int] = {}
        self._declared: dict[str, tuple[Relation, ...]] = {}
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
        return self._entries[ref].served(self.relations.of(ref))

    def order(self) -> Order:
        """All entities, sorted by ref."""
        return self._order

    def fold(self, event: EntityChanged) -> bool:
        """Take an event in; tells whether it was news."""
        if event.version <= self.version(event.ref):
            return False
        self._versions[event.ref] = event.version
        if event.gone:
            self._go(event.ref)
        else:
            self._come(event)
        self._relate(event.ref, NOTHING if event.gone else event.relations)
        return True

    def _come(self, event: EntityChanged) -> None:
        ref, entry = event.ref, self._entries.get(event.ref)
        old = self._rows(entry) if entry else NONE
        number = entry.number if entry else self._number(ref)
        new = rows_of(event.entity, ref, self.index.lists)
        body = body_of(event.entity, ref, event.status)
        about = about_of(event.entity, ref, event.relations)
        self._entries[ref] = Entry(number, ref, event.version, body, about)
        if not entry:
            self._order.replace(number, ref, ref)
        self.index.replace(number, old, new)
        self.ancestry.replace(ref, event.entity)
        if not entry:
            self._show(number, self.relations.of(ref), come=True)

    def _go(self, ref: str) -> None:
        entry = self._entries.pop(ref, None)
        if entry:
            self.index.replace(entry.number, self._rows(entry), NONE)
            self.ancestry.replace(ref, {})
            self._show(entry.number, self.relations.of(ref), come=False)
            self._order.replace(entry.number, ref, None)
            self.live &= ~(1 << entry.number)
            self.refs[entry.number] = ""
            self._free.append(entry.number)

    def _relate(self, ref: str, now: Collection[Relation]) -> None:
        before = self._declared.pop(ref, NOTHING)
        if now:
            self._declared[ref] = tuple(sorted(set(now)))
        if before == self._declared.get(ref, NOTHING):
            return
        come = self.relations.add(set(now).difference(before))
        gone = self.relations.remove(set(before).difference(now))
        for relations, coming in ((come, True), (gone, False)):
            for end, text in (each for relation in relations for each in ends(relation)):
                if entry := self._entries.get(end):
                    entry.stale()
                    self.index.relate(entry.number, text, come=coming)

    def _show(self, number: int, texts: Mapping[str, int], *, come: bool) -> None:
        for text in texts:
            self.index.relate(number, text, come=come)

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
        return rows_of(entry.declared(), entry.ref, self.index.lists)

    def _scan(self, keys: Collection[str]) -> Iterator[tuple[int, str, Rows]]:
        plain = any(not key.startswith(RELATIONS) for key in keys)
        related = any(key.startswith(RELATIONS) for key in keys)
        for ref, entry in self._entries.items():
            rows = self._rows(entry) if plain else {}
            yield entry.number, ref, rows | (relation_rows(self.relations.of(ref)) if related else NONE)


def named(kind: str, namespace: str, name: str) -> str:
    """The ref that three parts of a path mean."""
    return str(EntityRef(kind, namespace, name))
