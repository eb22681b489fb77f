"""Sets of entities as bitmaps: an int whose bit n stands for the entity of number n.

Intersecting and counting tens of thousands of entities so takes microseconds.
"""

from collections.abc import Iterable, Iterator


class Crowd:
    """Many entities; a bitmap that is changed in place."""

    __slots__ = ("_bitmap", "_count", "_data")

    def __init__(self, numbers: Iterable[int]) -> None:
        self._data = bytearray()
        self._count = 0
        self._bitmap: int | None = None
        for number in numbers:
            self.add(number)

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[int]:
        return numbers(self.bitmap())

    def add(self, number: int) -> None:
        """Take one in that is not there."""
        place, lacking = number >> 3, (number >> 3) + 1 - len(self._data)
        if lacking > 0:
            self._data.extend(bytes(lacking + len(self._data) // 8))
        self._data[place] |= 1 << (number & 7)
        self._count += 1
        self._bitmap = None

    def discard(self, number: int) -> None:
        """Let one go that is there."""
        self._data[number >> 3] &= ~(1 << (number & 7))
        self._count -= 1
        self._bitmap = None

    def bitmap(self) -> int:
        """All of them."""
        if self._bitmap is None:
            self._bitmap = int.from_bytes(self._data, "little")
        return self._bitmap


def bits(numbers: Iterable[int], size: int) -> int:
    """Make a bitmap of numbers below `size`."""
    data = bytearray((size >> 3) + 1)
    for number in numbers:
        data[number >> 3] |= 1 << (number & 7)
    return int.from_bytes(data, "little")


def numbers(bitmap: int) -> Iterator[int]:
    """List what a bitmap holds, ascending."""
    text = f"{bitmap:b}"[::-1]
    at = text.find("1")
    while at >= 0:
        yield at
        at = text.find("1", at + 1)


def unpacked(bitmap: int, size: int = 0) -> bytes:
    """Lay a bitmap out so that bits are cheap to test: byte `n >> 3`, bit `n & 7`, at least `size` of them."""
    return bitmap.to_bytes((max(bitmap.bit_length(), size) >> 3) + 1, "little")


def within(number: int, data: bytes) -> bool:
    """Tell whether the bitmap that `unpacked` laid out holds a number."""
    place = number >> 3
    return place < len(data) and bool(data[place] >> (number & 7) & 1)
