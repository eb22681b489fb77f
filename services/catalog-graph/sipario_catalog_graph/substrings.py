"""Texts in which a part can be found quickly."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator

FRESH = 256
SHORT = 3


class Substrings:
    """Distinct values, joined in lower case to one long text, so that one scan in C searches them all.

    Values that came since are looked at one by one, until there are enough of them to join anew.
    """

    def __init__(self, values: Iterable[str]) -> None:
        self._values = set(values)
        self._join()

    def add(self, value: str) -> None:
        """Take a value in."""
        self._values.add(value)
        self._fresh.add(value)

    def discard(self, value: str) -> None:
        """Let a value go."""
        self._values.discard(value)
        self._fresh.discard(value)

    def containing(self, text: str) -> Iterator[str]:
        """Yield the values that contain a text, which is in lower case."""
        self._settle()
        yield from (value for value in self._fresh if text in value.lower())
        if "\n" not in text:
            yield from self._there(self._each(text) if len(text) < SHORT else self._jumping(text))

    def starting(self, text: str) -> Iterator[str]:
        """Yield the values that start with a text, as above."""
        self._settle()
        yield from (value for value in self._fresh if value.lower().startswith(text))
        if "\n" not in text:
            yield from self._there(self._jumping(f"\n{text}"))

    def _settle(self) -> None:
        if len(self._fresh) > FRESH:
            self._join()

    def _there(self, found: Iterable[str]) -> Iterator[str]:
        return (value for value in found if value in self._values and value not in self._fresh)

    def _each(self, text: str) -> list[str]:
        # A short text is in most values: looking at each is quicker than finding each hit's value.
        pairs = zip(self._joined, self._text[1:].split("\n"), strict=True) if self._joined else ()
        return [value for value, folded in pairs if text in folded]

    def _jumping(self, text: str) -> Iterator[str]:
        at = self._text.find(text)
        while at >= 0:
            number = bisect_right(self._starts, at) - 1
            yield self._joined[number]
            at = self._text.find(text, self._starts[number + 1])

    def _join(self) -> None:
        # Each value stands behind a line break, by which beginnings are found.
        self._fresh: set[str] = set()
        self._joined = sorted(self._values)
        folded = [value.lower().replace("\n", " ") for value in self._joined]
        self._text = "".join(f"\n{each}" for each in folded)
        self._starts = [0]
        for each in folded:
            self._starts.append(self._starts[-1] + len(each) + 1)
