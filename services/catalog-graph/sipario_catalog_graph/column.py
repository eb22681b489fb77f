"""One key of the catalog's entities: who has which value."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence

from sipario_catalog_graph.bits import Crowd, bits, unpacked, within
from sipario_catalog_graph.order import Order
from sipario_catalog_graph.substrings import Substrings

MANY = 64

Values = Sequence[str | None]
Owners = int | tuple[int, ...] | Crowd


class Column:
    """The values of one key, each with the entities that have it.

    A value of one entity is kept as its number, of a few as their numbers, of many as a bitmap: a bitmap for each
    would make a column of names cost its square. `place` gives for a value the text by which it is ordered.
    """

    def __init__(self, place: Callable[[str], str] = str.lower) -> None:
        self._place = place
        self._owners: dict[str | None, Owners] = {}
        self._written: dict[str, tuple[str, ...]] = {}
        self._present: int | None = None
        self._size = 1
        self._order: Order | None = None
        self._texts: Substrings | None = None
        self._found: dict[str, int] = {}

    def replace(self, number: int, ref: str, old: Values, new: Values) -> None:
        """Let an entity have other values than before; both may be empty."""
        self._size = max(self._size, number + 1)
        gone = set(old).difference(new) if old else ()
        come = set(new).difference(old) if old or len(new) > 1 else new
        for value in gone:
            self._take(value, number)
        for value in come:
            self._give(value, number)
        if self._present is not None and bool(old) != bool(new):
            self._present ^= 1 << number
        if self._order and (gone or come):
            self._order.replace(number, ref, min(map(self._ordered, new), default=None))

    def add(self, number: int, value: str) -> None:
        """Let an entity have one value more."""
        self._size = max(self._size, number + 1)
        self._give(value, number)
        self._present = self._order = None

    def remove(self, number: int, value: str) -> None:
        """Let an entity have one value less."""
        self._take(value, number)
        self._present = self._order = None

    def present(self) -> int:
        """The entities that have the key at all."""
        if self._present is None:
            self._present = bits(self._everyone(), self._size)
        return self._present

    def equal(self, value: str) -> int:
        """The entities with a value, whatever its case; the value is given in lower case."""
        found = 0
        for written in (value, *self._written.get(value, ())):
            found |= self._bitmap(written)
        return found

    def starting(self, prefix: str) -> int:
        """The entities with a value that starts so; lower case as above."""
        return self._union(self._substrings().starting(prefix))

    def containing(self, text: str) -> int:
        """The entities with a value that contains a text; lower case as above."""
        if text not in self._found:
            if len(self._found) >= MANY:
                self._found.clear()
            self._found[text] = self._union(self._substrings().containing(text))
        return self._found[text]

    def facet(self, among: int | None) -> Counter[str]:
        """Count the values as they are written, among some entities or all."""
        data = None if among is None else unpacked(among)
        counts: Counter[str] = Counter()
        for value, owners in self._owners.items():
            if value is not None and (count := _count(owners, among, data)):
                counts[value] = count
        return counts

    def order(self, refs: Sequence[str]) -> Order:
        """The entities that have the key, sorted by its (first) value; `refs` names entities by number."""
        if self._order is None:
            self._order = Order(self._firsts(refs))
        return self._order

    def _substrings(self) -> Substrings:
        if self._texts is None:
            self._texts = Substrings(value for value in self._owners if value is not None)
        return self._texts

    def _give(self, value: str | None, number: int) -> None:
        if self._found:
            self._found.clear()
        owners = self._owners.get(value)
        if owners is None:
            self._owners[value] = number
            self._meet(value)
        elif isinstance(owners, int):
            self._owners[value] = (owners, number)
        elif isinstance(owners, Crowd):
            owners.add(number)
        else:
            several = (*owners, number)
            self._owners[value] = several if len(several) <= MANY else Crowd(several)

    def _take(self, value: str | None, number: int) -> None:
        if self._found:
            self._found.clear()
        owners = self._owners.get(value)
        if isinstance(owners, Crowd) and len(owners) > 1:
            owners.discard(number)
        elif isinstance(owners, tuple) and len(owners) > 1:
            self._owners[value] = tuple(each for each in owners if each != number)
        elif owners is not None:
            del self._owners[value]
            self._forget(value)

    def _meet(self, value: str | None) -> None:
        if value is None:
            return
        if (folded := value.lower()) != value:
            self._written[folded] = (*self._written.get(folded, ()), value)
        if self._texts:
            self._texts.add(value)

    def _forget(self, value: str | None) -> None:
        if value is None:
            return
        folded = value.lower()
        if folded in self._written:
            left = tuple(each for each in self._written.pop(folded) if each != value)
            if left:
                self._written[folded] = left
        if self._texts:
            self._texts.discard(value)

    def _bitmap(self, value: str | None) -> int:
        owners = self._owners.get(value)
        if owners is None:
            return 0
        if isinstance(owners, int):
            return 1 << owners
        return owners.bitmap() if isinstance(owners, Crowd) else bits(owners, self._size)

    def _union(self, values: Iterable[str]) -> int:
        data = bytearray((self._size >> 3) + 1)
        many = 0
        for value in values:
            owners = self._owners[value]
            if isinstance(owners, int):
                data[owners >> 3] |= 1 << (owners & 7)
            else:
                many |= self._bitmap(value)
        return many | int.from_bytes(data, "little")

    def _everyone(self) -> Iterator[int]:
        for owners in self._owners.values():
            if isinstance(owners, int):
                yield owners
            else:
                yield from owners

    def _ordered(self, value: str | None) -> str:
        return "" if value is None else self._place(value)

    def _firsts(self, refs: Sequence[str]) -> list[tuple[str, str, int]]:
        firsts: dict[int, str] = {}
        for value, owners in self._owners.items():
            folded = self._ordered(value)
            for number in (owners,) if isinstance(owners, int) else owners:
                if number not in firsts or folded < firsts[number]:
                    firsts[number] = folded
        return [(value, refs[number], number) for number, value in firsts.items()]


def _count(owners: Owners, among: int | None, data: bytes | None) -> int:
    if among is None or data is None:
        return 1 if isinstance(owners, int) else len(owners)
    if isinstance(owners, int):
        return int(within(owners, data))
    if isinstance(owners, Crowd):
        return (owners.bitmap() & among).bit_count()
    return sum(within(number, data) for number in owners)
