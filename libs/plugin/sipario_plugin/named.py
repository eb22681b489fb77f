"""An extension point: things by name, each with whoever added it."""

from collections.abc import Iterator, Mapping
from typing import Generic, Self, TypeVar

T = TypeVar("T")


class AlreadyTaken(ValueError):
    """Somebody else has the name already."""


class Named(Generic[T]):
    """Things of one sort by name, in the order in which they were added. `owner` is who adds to it now."""

    def __init__(self, sort: str, owner: str = "", held: Mapping[str, tuple[str, T]] | None = None) -> None:
        self._sort = sort
        self._owner = owner
        self._held = dict(held or {})

    def add(self, name: str, thing: T) -> None:
        """Add a thing; raises AlreadyTaken, which names both who has the name and who wants it."""
        if name in self._held:
            holder = self._held[name][0]
            raise AlreadyTaken(f"{self._sort} '{name}': {self._owner} wants it, {holder} has it")
        self._held[name] = (self._owner, thing)

    def drafted(self, owner: str) -> Self:
        """Return a copy for `owner` to add to; it counts once the owner is done with it."""
        return type(self)(self._sort, owner, self._held)

    def __iter__(self) -> Iterator[tuple[str, T]]:
        return ((name, thing) for name, (_, thing) in self._held.items())

    def __len__(self) -> int:
        return len(self._held)
