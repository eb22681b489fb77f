"""Entities sorted by a key, kept sorted while they change."""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sipario_catalog_graph.bits import numbers, unpacked, within

FEW = 32
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
        self._gone: set[Item] = set()
        self._come: set[Item] = set()

    def replace(self, number: int, ref: str, value: str | None) -> None:
        """Move an entity to a value; None: it is no more among them."""
        old = self._of.pop(number, None)
        if old:
            (self._come if old in self._come else self._gone).symmetric_difference_update({old})
        if value is not None:
            item = self._of[number] = (value, ref, number)
            (self._gone if item in self._gone else self._come).symmetric_difference_update({item})

    def items(self) -> Iterable[Item]:
        """All items, in no order."""
        return self._of.values()

    def window(self, among: int, window: Window) -> list[Item]:
        """The items of a window, among some entities, as they are to be read."""
        self._settle()
        found = among.bit_count()
        # Few among many are sorted by themselves; else walking the order meets enough of them soon.
        if found * found < (window.offset + window.limit) * len(self._items):
            span = sorted(self._of[number] for number in numbers(among) if number in self._of)
        else:
            span = self._items
        hits = list(_walked(span, unpacked(among), window))
        return hits[::-1] if window.backwards else hits

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


def _walked(span: list[Item], data: bytes, window: Window) -> Iterator[Item]:
    reverse = window.descending != window.backwards
    start, stop = 0, len(span)
    if window.after and reverse:
        stop = bisect_left(span, (*window.after, -1))
    elif window.after:
        start = bisect_right(span, (*window.after, BEHIND))
    skip, left = window.offset, window.limit
    for at in range(stop - 1, start - 1, -1) if reverse else range(start, stop):
        if not left:
            return
        if within(span[at][2], data):
            if skip:
                skip -= 1
            else:
                left -= 1
                yield span[at]
