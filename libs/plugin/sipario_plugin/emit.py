"""What a processor says besides the entity that it returns."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from sipario_model import PAIRS, EntityRef, LocationRef, Relation, inverse

MOST = 1_000

Level: TypeAlias = Literal["info", "warning", "error"]


@dataclass(frozen=True, slots=True)
class Said:
    """What is to be told of an entity; `field` is where it stands, with dots."""

    message: str
    level: Level = "error"
    field: str = ""


class Emit:
    """Collects what a processor emits for one entity. Nothing of it counts when its hook raises."""

    def __init__(self) -> None:
        self.entities: list[dict[str, Any]] = []
        self.locations: list[tuple[LocationRef, bool]] = []
        self.relations: list[Relation] = []
        self.problems: list[Said] = []
        self.refreshed: list[str] = []

    def entity(self, entity: Mapping[str, Any]) -> None:
        """Declare another entity, which is processed in its turn, and judged by the same rules."""
        self._bounded(self.entities).append(dict(entity))

    def location(self, type_: str, target: str, *, optional: bool = False) -> None:
        """Have a location read as if a Location entity in this file named it."""
        self._bounded(self.locations).append((LocationRef(type_, target), optional))

    def relation(self, source: str, type_: str, target: str) -> None:
        """Add a relation between two refs, in either direction; raises RefError, or ValueError for no known type."""
        ends = [str(EntityRef.parse(each)) for each in (source, target)]
        if type_ not in PAIRS:
            type_, ends = _canonical(type_), ends[::-1]
        self._bounded(self.relations).append(Relation(ends[0], type_, ends[1]))

    def problem(self, message: str, level: Level = "error", field: str = "") -> None:
        """Say something of the entity, which is catalogued all the same."""
        self._bounded(self.problems).append(Said(message, level, field))

    def refresh(self, address: str) -> None:
        """Have the entity processed again whenever the file at this URL, or path of the repository, changes."""
        self._bounded(self.refreshed).append(address)

    def _bounded(self, what: list[Any]) -> list[Any]:
        if len(what) >= MOST:
            raise ValueError(f"a processor emits at most {MOST} of a sort for one entity")
        return what


def _canonical(type_: str) -> str:
    if type_ not in PAIRS.values():
        raise ValueError(f"there is no relation {type_}; there are {', '.join((*PAIRS, *PAIRS.values()))}")
    return inverse(type_)
