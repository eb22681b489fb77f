"""Entities sorted by a key, kept sorted while they change."""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from sipario_catalog_graph.bits import numbers, unpacked

FEW = 32
PART = 512
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
        self._gone: set[Item] = set()
        self._come: set[Item] = set()

    def replace(self, number: int, ref: str, value: str | None) -> None:
        """Move an entity to a value; None: it is no more among them."""
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
        self._settle()
        found = among.bit_count()
        # Few among many are sorted by themselves; else walking the order meets enough of them soon.
        if found * found < (window.offset + window.limit) * len(self._items):
            span = sorted(self._of[number] for number in numbers(among) if number in self._of)
        else:
            span = self._items
        hits = list(
            islice(_walked(span, among, self._size, window), window.offset, window.offset + window.limit)
        )
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


def _walked(span: list[Item], among: int, size: int, window: Window) -> Iterator[Item]:
    reverse = window.descending != window.backwards
    start, stop = 0, len(span)
    if window.after and reverse:
        stop = bisect_left(span, (*window.after, -1))
    elif window.after:
        start = bisect_right(span, (*window.after, BEHIND))
    data = unpacked(among, size)
    for part in _parts(span, start, stop, reverse=reverse):
        # Tested here and not by a function of its own: a page may have to look at thousands.
        hits = [item for item in part if data[item[2] >> 3] >> (item[2] & 7) & 1]
        yield from reversed(hits) if reverse else hits


def _parts(span: list[Item], start: int, stop: int, *, reverse: bool) -> Iterator[list[Item]]:
    firsts = range(start, stop, PART)
    for first in reversed(firsts) if reverse else firsts:
        yield span[first : min(first + PART, stop)]
