"""Entities sorted by a key, kept sorted while they change."""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable
from dataclasses import dataclass

from sipario_catalog_graph.bits import numbers, unpacked

FEW = 32
KEPT = 16
BEHIND = 1 << 62

Place = tuple[str, str]
Item = tuple[str, str, int]


@dataclass(frozen=True)
class Window:
    """A stretch of a sorted result: behind `after` (backwards: in front of it), without the first `offset`."""

    limit: int
    offset: int = 0
    after: Place | None = None
    descending: bool = False
    backwards: bool = False


class Order:
    """Items of value, ref and number, ascending; refs break ties, so that a place names exactly one entity."""

    def __init__(self, items: Iterable[Item]) -> None:
        self._items = sorted(items)
        self._of = {item[2]: item for item in self._items}
        self._size = 1 + max(self._of, default=0)
        self._kept: dict[int, list[Item]] = {}
        self._gone: set[Item] = set()
        self._come: set[Item] = set()

    def replace(self, number: int, ref: str, value: str | None) -> None:
        """Move an entity to a value; None: it is no more among them."""
        self._kept.clear()
        old = self._of.pop(number, None)
        if old:
            (self._come if old in self._come else self._gone).symmetric_difference_update({old})
        if value is not None:
            item = self._of[number] = (value, ref, number)
            self._size = max(self._size, number + 1)
            (self._gone if item in self._gone else self._come).symmetric_difference_update({item})

    def items(self) -> Iterable[Item]:
        """All items, in no order."""
        return self._of.values()

    def window(self, among: int, window: Window) -> list[Item]:
        """The items of a window, among some entities, as they are to be read."""
        items = self._sorted(among)
        reverse = window.descending != window.backwards
        start, stop = 0, len(items)
        if window.after and reverse:
            stop = bisect_left(items, (*window.after, -1))
        elif window.after:
            start = bisect_right(items, (*window.after, BEHIND))
        if reverse:
            start, stop = max(start, stop - window.offset - window.limit), max(start, stop - window.offset)
        else:
            start, stop = start + window.offset, min(stop, start + window.offset + window.limit)
        return items[start:stop][:: -1 if window.descending else 1]

    def _sorted(self, among: int) -> list[Item]:
        # Kept until something changes: the pages of one list, and the lists that all look at, cost one look.
        found = self._kept.get(among)
        if found is None:
            self._settle()
            if len(self._kept) >= KEPT:
                self._kept.clear()
            found = self._kept[among] = self._picked(among)
        return found

    def _picked(self, among: int) -> list[Item]:
        count = among.bit_count()
        if count * FEW < len(self._items):
            return sorted(self._of[number] for number in numbers(among) if number in self._of)
        data = unpacked(among, self._size)
        return [item for item in self._items if data[item[2] >> 3] >> (item[2] & 7) & 1]

    def _settle(self) -> None:
        if len(self._gone) + len(self._come) > FEW:
            self._items = sorted(self._of.values())
        else:
            for item in self._gone:
                del self._items[bisect_left(self._items, item)]
            for item in self._come:
                insort(self._items, item)
        self._gone.clear()
        self._come.clear()
