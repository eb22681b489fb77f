"""What a place of a configuration file must hold, and what is said of one that does not."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from typing import Any, Protocol, TypeAlias

from sipario_kit.schedule import Schedule, duration

Place: TypeAlias = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Wrong:
    """What stands at a place and can't be used, and what is expected there."""

    place: Place
    expected: str
    found: str

    def __str__(self) -> str:
        return f"{dotted(self.place)}: {self.expected} is expected, not {self.found}"


@dataclass(frozen=True, slots=True)
class Strange:
    """A key that nobody honours, and the known one that was perhaps meant, or why not."""

    place: Place
    near: str = ""
    why: str = ""

    def __str__(self) -> str:
        name = dotted(self.place)
        if self.why:
            return f"{name} is not honoured: {self.why}"
        meant = dotted((*self.place[:-1], self.near))
        return f"{name} is not honoured; did you mean {meant}?" if self.near else name


@dataclass(frozen=True, slots=True)
class Unresolved:
    """A place whose variable or file is not there."""

    place: Place
    why: str

    def __str__(self) -> str:
        return f"{dotted(self.place)}: {self.why}"


Finding: TypeAlias = Wrong | Strange | Unresolved


class Shape(Protocol):
    """What may stand at a place."""

    def findings(self, value: Any, place: Place) -> Iterator[Finding]:
        """Judge what stands there, and all that is in it."""
        ...


@dataclass(frozen=True, slots=True)
class One:
    """A single value: text, where a number will do as well, or true and false, where their names will do."""

    expected: str = "a text"
    kinds: tuple[type, ...] = (str, int, float)

    def findings(self, value: Any, place: Place) -> Iterator[Finding]:
        """Judge a value."""
        if not isinstance(value, self.kinds) or (bool not in self.kinds and isinstance(value, bool)):
            yield Wrong(place, self.expected, _named(value))


@dataclass(frozen=True, slots=True)
class Pattern:
    """A regular expression."""

    def findings(self, value: Any, place: Place) -> Iterator[Finding]:
        """Judge whether it can be read as one."""
        try:
            re.compile(str(value))
        except re.error as error:
            yield Wrong(place, "a regular expression", f"one with {error.msg}")


@dataclass(frozen=True, slots=True)
class Form:
    """A text, or a number, that is written in one way; an empty one is as good as none."""

    expected: str
    pattern: str

    def findings(self, value: Any, place: Place) -> Iterator[Finding]:
        """Judge whether all of it is written so."""
        if value != "" and not re.fullmatch(self.pattern, str(value)):
            yield Wrong(place, self.expected, "another" if isinstance(value, str) else _named(value))


@dataclass(frozen=True, slots=True)
class Duration:
    """A duration, which may be none at all."""

    def findings(self, value: Any, place: Place) -> Iterator[Finding]:
        """Judge whether it can be read as one."""
        try:
            duration(value or {"seconds": 0}, dotted(place), least=0.0)
        except ValueError as error:
            yield Wrong(place, _expected(error), "another")


@dataclass(frozen=True, slots=True)
class Timing:
    """A key of a `schedule`."""

    def findings(self, value: Any, place: Place) -> Iterator[Finding]:
        """Judge whether it can be read as one."""
        try:
            Schedule.of({place[-1]: value}, 1.0)
        except ValueError as error:
            yield Wrong(place, _expected(error), "another")


@dataclass(frozen=True, slots=True)
class TextOrList:
    """A list of texts, or one text with commas."""

    def findings(self, value: Any, place: Place) -> Iterator[Finding]:
        """Judge a list as such, and all else as a text."""
        shape = Several(TEXT) if isinstance(value, list) else One("a text or a list of texts")
        yield from shape.findings(value, place)


@dataclass(frozen=True, slots=True)
class Several:
    """A list whose entries are all alike."""

    each: Shape
    expected: str = "a list"

    def findings(self, value: Any, place: Place) -> Iterator[Finding]:
        """Judge a list, and what is in it."""
        if not isinstance(value, list):
            yield Wrong(place, self.expected, _named(value))
            return
        for index, entry in enumerate(value):
            yield from self.each.findings(entry, (*place, index))


@dataclass(frozen=True, slots=True)
class Keys:
    """An object with known keys; `others` is what may stand at any other key.

    Of what is `required`, `a|b` wants either; it is the first that is told to be missing.
    """

    known: Mapping[str, Shape]
    required: tuple[str, ...] = ()
    others: Shape | None = None
    expected: str = field(default="an object with keys")

    def findings(self, value: Any, place: Place) -> Iterator[Finding]:
        """Judge an object, and what is in it; a key without a value is as good as none."""
        if not isinstance(value, Mapping):
            yield Wrong(place, self.expected, _named(value))
            return
        for names in (each.split("|") for each in self.required):
            if all(value.get(name) in (None, "") for name in names):
                yield Wrong((*place, names[0]), "a text", "nothing")
        for name, entry in value.items():
            shape = self.known.get(name, self.others)
            if shape is None:
                near = get_close_matches(str(name), list(self.known), 1, 0.7)
                yield Strange((*place, name), near[0] if near else "")
            elif entry is not None:
                yield from shape.findings(entry, (*place, name))


@dataclass(frozen=True, slots=True)
class Whatever:
    """Anything: somebody else judges it."""

    def findings(self, value: Any, place: Place) -> Iterator[Finding]:
        """Find nothing wrong."""
        del value, place
        return iter(())


@dataclass(frozen=True, slots=True)
class OneOrNamed:
    """An object with known keys, or an object of such objects by names of one's own; `listed`, a list of them too.

    What is `needed` may stand in another file than the rest.
    """

    shape: Keys
    listed: bool = False
    needed: tuple[str, ...] = ()

    def findings(self, value: Any, place: Place) -> Iterator[Finding]:
        """Judge it as the former when it has one of those keys."""
        if self.listed and isinstance(value, list):
            return Several(self.shape).findings(value, place)
        alone = isinstance(value, Mapping) and not self.shape.known.keys().isdisjoint(value)
        return (self.shape if alone else Keys({}, others=self.shape)).findings(value, place)

    def lacking(self, value: Any, place: Place) -> Iterator[Finding]:
        """Judge what all files say together."""
        return replace(self, shape=replace(self.shape, required=self.needed)).findings(value, place)


@dataclass(frozen=True, slots=True)
class OneOrSeveral:
    """An object, or a list of such objects."""

    each: Keys

    def findings(self, value: Any, place: Place) -> Iterator[Finding]:
        """Judge a list as such, and all else as one of its entries."""
        shape: Shape = Several(self.each) if isinstance(value, list) else self.each
        return shape.findings(value, place)


@dataclass(frozen=True, slots=True)
class Secret:
    """A text of some characters, without spaces."""

    shortest: int

    def findings(self, value: Any, place: Place) -> Iterator[Finding]:
        """Judge its length, and never tell what it is."""
        text = str(value)
        if len(text) < self.shortest or any(letter.isspace() for letter in text):
            expected = f"a text of {self.shortest} or more characters, without spaces,"
            yield Wrong(place, expected, "another")


TEXT = One()
FLAG = One("true or false", (bool, str))
WHATEVER = Whatever()


def dotted(place: Place) -> str:
    """Write a place as `catalog.locations[0].target`."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in place).removeprefix(".")


def _expected(error: ValueError) -> str:
    """Pick what is expected out of what is said of a schedule's key."""
    return str(error).partition(": ")[2].removesuffix(" is expected")


def _named(value: Any) -> str:
    """Name what a value is; never the value, which may be a secret."""
    names = {str: "a text", bool: "true or false", list: "a list", dict: "an object", type(None): "nothing"}
    return names.get(type(value), "a number")
