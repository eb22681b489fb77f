"""From YAML events to JSON values, without recursion: no document can exhaust the stack or the memory."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from yaml.events import (
    AliasEvent,
    CollectionStartEvent,
    DocumentEndEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from sipario_model import scalars
from sipario_model.parser import place

MAX_DEPTH = 64
MAX_VALUES = 500_000
"""How many keys and values one file may hold: reading them takes seconds."""
MAX_ALIASED = 250_000
"""How many characters and nodes aliases may add to one file."""

_CORE = "tag:yaml.org,2002:"
_SCALAR_TYPES: dict[str, tuple[type, ...]] = {
    f"{_CORE}int": (int,),
    f"{_CORE}float": (int, float),
    f"{_CORE}bool": (bool,),
    f"{_CORE}null": (type(None),),
}
_TEXT_TAGS = (None, "!", f"{_CORE}str")
_COLLECTIONS = (dict, list)
_MISSING = object()


class Refused(Exception):
    """A document that is YAML but not what an entity may be; the mark counts from 0 in its text."""

    def __init__(self, event: Event, message: str) -> None:
        super().__init__(message)
        self.mark = place(event)
        self.message = message


@dataclass(slots=True)
class _Open:
    container: dict[str, Any] | list[Any]
    anchor: str | None
    key: Any = _MISSING


class Builder:
    """Takes the events of one document and holds its value; Refused at the event that breaks a rule."""

    def __init__(self, *, any_tag: bool = False) -> None:
        """Make one for a file; with `any_tag`, a tag that is not plain YAML's is passed over, not refused."""
        self._any_tag = any_tag
        self._aliased = 0
        self._values = 0
        self.restart()

    def restart(self) -> None:
        """Begin the next document of the same file, whose limits are counted on."""
        self.root: Any = None
        self.first: Event | None = None
        self._open: list[_Open] = []
        self._anchors: dict[str, Any] = {}
        self._sizes: dict[str, tuple[int, int]] = {}

    def build(self, events: Iterator[Event]) -> bool:
        """Take events up to the end of a document, which `root` then is; False when there is none any more."""
        for event in events:
            handle = _HANDLERS.get(type(event))
            if handle:
                handle(self, event)
            elif type(event) is DocumentEndEvent:
                return True
        return False

    def _scalar(self, event: ScalarEvent) -> None:
        value = scalars.plain(event.value) if event.implicit[0] and event.tag is None else self._tagged(event)
        self._put(value, event)
        if event.anchor is not None:
            self._anchor(event.anchor, value)

    def _tagged(self, event: ScalarEvent) -> scalars.Scalar:
        text: str = event.value
        if event.tag in _TEXT_TAGS:
            return text
        types = _SCALAR_TYPES.get(event.tag)
        if types is None and self._any_tag:
            return text or _shown(event.tag)
        if types is None:
            raise Refused(event, _no_tag(event.tag))
        value = scalars.plain(text)
        if type(value) not in types:
            raise Refused(event, f'"{text}" is not what its tag {_shown(event.tag)} says')
        return value

    def _mapping(self, event: MappingStartEvent) -> None:
        self._opened({}, event, "map")

    def _sequence(self, event: SequenceStartEvent) -> None:
        self._opened([], event, "seq")

    def _opened(self, container: dict[str, Any] | list[Any], event: CollectionStartEvent, tag: str) -> None:
        if event.tag is not None and event.tag not in ("!", _CORE + tag) and not self._any_tag:
            raise Refused(event, _no_tag(event.tag))
        if len(self._open) >= MAX_DEPTH:
            raise Refused(event, _too_deep())
        self._put(container, event)
        if event.anchor is not None:
            self._anchors.pop(event.anchor, None)
        self._open.append(_Open(container, event.anchor))

    def _ended(self, _: Event) -> None:
        ended = self._open.pop()
        if ended.anchor is not None:
            self._anchor(ended.anchor, ended.container)

    def _anchor(self, name: str, value: Any) -> None:
        self._anchors[name] = value
        self._sizes.pop(name, None)

    def _alias(self, event: AliasEvent) -> None:
        name = event.anchor
        if name not in self._anchors:
            raise Refused(event, f"*{name} stands for nothing: no &{name} ends before it")
        if name not in self._sizes:
            self._sizes[name] = _size(self._anchors[name])
        nodes, depth = self._sizes[name]
        self._aliased += nodes
        if self._aliased > MAX_ALIASED:
            raise Refused(
                event,
                f"aliases blow the file up by more than {MAX_ALIASED:,} characters: write the values out",
            )
        if len(self._open) + depth > MAX_DEPTH:
            raise Refused(event, _too_deep())
        self._put(_copy(self._anchors[name]), event)

    def _put(self, value: Any, event: Event) -> None:
        self._values += 1
        if self._values > MAX_VALUES:
            raise Refused(event, f"the file holds more than {MAX_VALUES:,} keys and values: split it")
        if not self._open:
            self.root = value
            self.first = event
            return
        top = self._open[-1]
        container = top.container
        if type(container) is list:
            container.append(value)
        elif top.key is not _MISSING:
            container[top.key] = value
            top.key = _MISSING
        else:
            name = value if type(value) is str else _key(value, event)
            if name in container:
                raise Refused(event, f'Map keys must be unique; "{name}" is there twice: remove one')
            top.key = name


_HANDLERS: dict[type[Event], Callable[[Builder, Any], None]] = {
    ScalarEvent: Builder._scalar,  # noqa: SLF001 - the table belongs to the class above
    MappingStartEvent: Builder._mapping,  # noqa: SLF001
    SequenceStartEvent: Builder._sequence,  # noqa: SLF001
    MappingEndEvent: Builder._ended,  # noqa: SLF001
    SequenceEndEvent: Builder._ended,  # noqa: SLF001
    AliasEvent: Builder._alias,  # noqa: SLF001
}


def _key(value: Any, event: Event) -> str:
    if isinstance(value, _COLLECTIONS):
        raise Refused(event, "a key must be a plain value, not a map or a list: put it in quotes")
    return scalars.key(value)


def _no_tag(tag: str) -> str:
    return f"the tag {_shown(tag)} is not allowed: write a plain value, or put the text in quotes"


def _shown(tag: str) -> str:
    return "!!" + tag[len(_CORE) :] if tag.startswith(_CORE) else tag


def _too_deep() -> str:
    return f"nested deeper than {MAX_DEPTH} levels: flatten it"


def _size(value: Any) -> tuple[int, int]:
    """Return how many characters and nodes a value has, and how deep it is."""
    if isinstance(value, str):
        return 1 + len(value), 0
    if not isinstance(value, dict | list):
        return 1, 0
    sizes = [_size(item) for item in (value.values() if isinstance(value, dict) else value)]
    keys = sum(map(len, value)) if isinstance(value, dict) else 0
    return 1 + keys + sum(size for size, _ in sizes), 1 + max((depth for _, depth in sizes), default=0)


def _copy(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _copy(item) for name, item in value.items()}
    return [_copy(item) for item in value] if isinstance(value, list) else value
