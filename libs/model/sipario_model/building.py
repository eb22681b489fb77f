"""From YAML events to JSON values: one loop without recursion, so that no document can exhaust the stack or memory."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from yaml.events import (
    AliasEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)
from yaml.error import Mark

from sipario_model import scalars

MAX_DEPTH = 64
MAX_ALIASED = 1_000_000
"""How many characters and nodes aliases may add to one document."""

_CORE = "tag:yaml.org,2002:"
_SCALAR_TYPES: dict[str, tuple[type, ...]] = {
    f"{_CORE}int": (int,),
    f"{_CORE}float": (int, float),
    f"{_CORE}bool": (bool,),
    f"{_CORE}null": (type(None),),
}
_MISSING = object()


class Refused(Exception):  # noqa: N818 - it is turned into a YamlProblem where the place is known
    """A document that is YAML but not what an entity may be; carries the mark of the place."""

    def __init__(self, mark: Mark, message: str) -> None:
        super().__init__(message)
        self.mark = mark
        self.message = message


@dataclass(slots=True)
class _Open:
    container: dict[str, Any] | list[Any]
    anchor: str | None
    key: Any = _MISSING


class Builder:
    """Takes the events of one document and holds its value; raises Refused at the event that breaks a rule."""

    def __init__(self) -> None:
        self.root: Any = None
        self.mark: Mark | None = None
        self._open: list[_Open] = []
        self._anchors: dict[str, Any] = {}
        self._sizes: dict[str, tuple[int, int]] = {}
        self._aliased = 0

    def take(self, event: Event) -> None:
        """Add one event to the value."""
        handle = _HANDLERS.get(type(event))
        if handle:
            handle(self, event)

    def _started(self, event: DocumentStartEvent) -> None:
        self.mark = event.start_mark

    def _scalar(self, event: ScalarEvent) -> None:
        value = scalars.plain(event.value) if event.implicit[0] and event.tag is None else _tagged(event)
        self._put(value, event)
        if event.anchor is not None:
            self._anchor(event.anchor, value)

    def _mapping(self, event: MappingStartEvent) -> None:
        self._opened({}, event, "map")

    def _sequence(self, event: SequenceStartEvent) -> None:
        self._opened([], event, "seq")

    def _opened(self, container: dict[str, Any] | list[Any], event: CollectionStartEvent, tag: str) -> None:
        if event.tag not in (None, "!", _CORE + tag):
            raise Refused(event.start_mark, _no_tag(event.tag))
        if len(self._open) >= MAX_DEPTH:
            raise Refused(event.start_mark, _too_deep())
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
            raise Refused(event.start_mark, f"*{name} stands for nothing: no &{name} ends before it")
        if name not in self._sizes:
            self._sizes[name] = _size(self._anchors[name])
        nodes, depth = self._sizes[name]
        self._aliased += nodes
        if self._aliased > MAX_ALIASED:
            raise Refused(
                event.start_mark,
                f"aliases blow the document up by more than {MAX_ALIASED:,} characters: write the values out",
            )
        if len(self._open) + depth > MAX_DEPTH:
            raise Refused(event.start_mark, _too_deep())
        self._put(_copy(self._anchors[name]), event)

    def _put(self, value: Any, event: Event) -> None:
        if not self._open:
            self.root = value
            self.mark = event.start_mark
            return
        top = self._open[-1]
        if isinstance(top.container, list):
            top.container.append(value)
        elif top.key is _MISSING:
            top.key = _key(value, top.container, event)
        else:
            top.container[top.key] = value
            top.key = _MISSING


_HANDLERS: dict[type[Event], Callable[[Builder, Any], None]] = {
    DocumentStartEvent: Builder._started,  # noqa: SLF001 - the table belongs to the class above
    ScalarEvent: Builder._scalar,  # noqa: SLF001
    MappingStartEvent: Builder._mapping,  # noqa: SLF001
    SequenceStartEvent: Builder._sequence,  # noqa: SLF001
    MappingEndEvent: Builder._ended,  # noqa: SLF001
    SequenceEndEvent: Builder._ended,  # noqa: SLF001
    AliasEvent: Builder._alias,  # noqa: SLF001
}


def _key(value: Any, container: dict[str, Any], event: Event) -> str:
    if isinstance(value, dict | list):
        raise Refused(event.start_mark, "a key must be a plain value, not a map or a list: put it in quotes")
    name = scalars.key(value)
    if name in container:
        raise Refused(event.start_mark, f'Map keys must be unique; "{name}" is there twice: remove one')
    return name


def _tagged(event: ScalarEvent) -> scalars.Scalar:
    text: str = event.value
    if event.tag in (None, "!", f"{_CORE}str"):
        return text
    types = _SCALAR_TYPES.get(event.tag)
    if types is None:
        raise Refused(event.start_mark, _no_tag(event.tag))
    value = scalars.plain(text)
    if type(value) not in types:
        raise Refused(event.start_mark, f'"{text}" is not what its tag !!{event.tag[len(_CORE) :]} says')
    return value


def _no_tag(tag: str) -> str:
    shown = "!!" + tag[len(_CORE) :] if tag.startswith(_CORE) else tag
    return f"the tag {shown} is not allowed: write a plain value, or put the text in quotes"


def _too_deep() -> str:
    return f"nested deeper than {MAX_DEPTH} levels: flatten it"


def _size(value: Any) -> tuple[int, int]:
    if isinstance(value, str):
        return 1 + len(value), 0
    if isinstance(value, dict):
        sizes = [_size(item) for item in value.values()]
        return 1 + sum(map(len, value)) + sum(size for size, _ in sizes), 1 + max((d for _, d in sizes), default=0)
    if isinstance(value, list):
        sizes = [_size(item) for item in value]
        return 1 + sum(size for size, _ in sizes), 1 + max((d for _, d in sizes), default=0)
    return 1, 0


def _copy(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _copy(item) for name, item in value.items()}
    return [_copy(item) for item in value] if isinstance(value, list) else value
