"""Where each key and item of a document stands, found when someone asks: most documents have no problem."""

from collections.abc import Iterator, Mapping
from typing import Any

from yaml.events import (
    CollectionEndEvent,
    CollectionStartEvent,
    DocumentEndEvent,
    Event,
    NodeEvent,
    ScalarEvent,
    SequenceStartEvent,
)

from sipario_model import parser, scalars

Path = tuple[str | int, ...]


class Lines(Mapping[Path, int]):
    """The line, from 1, of every path of one document; reads the text again at the first question."""

    def __init__(self, text: str, first: int, index: int) -> None:
        self._text = text
        self._first = first
        self._index = index
        self._found: dict[Path, int] | None = None

    def __getitem__(self, path: Path) -> int:
        return self._all()[path]

    def __iter__(self) -> Iterator[Path]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())

    def _all(self) -> dict[Path, int]:
        if self._found is None:
            self._found = {path: self._first + line + 1 for path, line in _walk(self._text, self._index)}
        return self._found


def nearest(lines: Mapping[Path, int], path: Path) -> int | None:
    """Return the line of a path, or of what holds it when it is missing itself."""
    for end in range(len(path), -1, -1):
        if path[:end] in lines:
            return lines[path[:end]]
    return None


def _walk(text: str, index: int) -> Iterator[tuple[Path, int]]:
    """Yield the path and line (from 0) of every node of the document whose root begins at the index."""
    trail = _Trail()
    for event in parser.events(text):
        if not trail.started and not (isinstance(event, NodeEvent) and parser.index(event) == index):
            continue
        trail.started = True
        if isinstance(event, DocumentEndEvent):
            return
        yield from trail.step(event)


class _Trail:
    """The way from the root to the event at hand: a key or an index for each open collection."""

    def __init__(self) -> None:
        self.started = False
        self._steps: list[Any] = []

    def step(self, event: Event) -> Iterator[tuple[Path, int]]:
        if isinstance(event, CollectionEndEvent):
            self._steps.pop()
            self._passed()
        elif isinstance(event, NodeEvent):
            yield from self._node(event)

    def _node(self, event: NodeEvent) -> Iterator[tuple[Path, int]]:
        if self._steps and self._steps[-1] is None:
            self._steps[-1] = _key(event)
            yield tuple(self._steps), parser.place(event)[0]
            return
        if not self._steps or isinstance(self._steps[-1], int):
            yield tuple(self._steps), parser.place(event)[0]
        if isinstance(event, CollectionStartEvent):
            self._steps.append(_first_step(event))
        else:
            self._passed()

    def _passed(self) -> None:
        if self._steps:
            last = self._steps[-1]
            self._steps[-1] = last + 1 if isinstance(last, int) else None


def _key(event: NodeEvent) -> str:
    if not isinstance(event, ScalarEvent):
        return f"*{event.anchor}"
    return scalars.key(scalars.plain(event.value)) if event.implicit[0] else event.value


def _first_step(event: CollectionStartEvent) -> int | None:
    return 0 if isinstance(event, SequenceStartEvent) else None
