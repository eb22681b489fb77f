"""The one door to the YAML parser: events out of C, and where each of them stands.

Only its event stream is used: composing nodes recurses in C, where a deeply nested file kills the process.
"""

from collections.abc import Iterator
from typing import NamedTuple

from yaml import CSafeLoader
from yaml.events import Event


def events(text: str) -> Iterator[Event]:
    """Yield the events of a text that may hold several documents; YAMLError where it stops to be YAML."""
    return iter(CSafeLoader(text).get_event, None)


class Place(NamedTuple):
    """A line and a column, both from 0."""

    line: int
    column: int


def place(event: Event) -> Place:
    """Return where an event begins."""
    assert event.start_mark is not None
    return Place(event.start_mark.line, event.start_mark.column)


def index(event: Event) -> int:
    """Return the place of an event's first character in the text."""
    assert event.start_mark is not None
    return event.start_mark.index
