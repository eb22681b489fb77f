"""Where documents are kept and found."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sipario_kit.projection import Checkpoint

from sipario_search.document import Written


@dataclass(frozen=True)
class Question:
    """What somebody looks for. `filters` holds keys with their facts: for every key, any of its own."""

    term: str = ""
    types: tuple[str, ...] = ()
    filters: tuple[tuple[str, tuple[str, ...]], ...] = ()
    offset: int = 0
    limit: int = 25


@dataclass(frozen=True)
class Hit:
    """One document found; `marked` are its fields in which `Found`'s tags enclose what matched."""

    type: str
    document: Mapping[str, Any]
    marked: Mapping[str, str]


@dataclass(frozen=True)
class Found:
    """A page of documents and how many there are in all. `before` and `after` are the tags around what matched."""

    hits: Sequence[Hit]
    total: int
    before: str
    after: str


class Index(Protocol):
    """An index whose lives have names: one that was wiped and made anew has another name.

    All raise `EngineUnavailable` when the engine is away, and `StoreForgotten` when that life is over.
    """

    async def present(self) -> str:
        """Tell the name of the present life; make an empty index where there is none."""
        ...

    async def alive(self, life: str) -> bool:
        """Tell whether that life goes on."""
        ...

    async def write(self, life: str, written: Sequence[Written]) -> Collection[str]:
        """Keep documents of which nothing as new is there; returns the ids of those that were refused for that."""
        ...

    async def show(self, life: str) -> None:
        """Let everything that was written be found from now on."""
        ...

    async def marks(self, life: str, ids: Sequence[str]) -> Mapping[str, tuple[int, Mapping[str, Any]]]:
        """Read version and mark of documents, at once after they were written."""
        ...

    async def checkpoint(self, life: str, projection: str) -> Checkpoint:
        """Read how far a projection has come; an empty one when nothing is known."""
        ...

    async def reached(self, life: str, projection: str, checkpoint: Checkpoint) -> None:
        """Keep how far a projection has come, in the same index."""
        ...

    async def find(self, life: str, question: Question) -> Found:
        """Answer a question."""
        ...


class Rebuildable(Protocol):
    """An index beside which another can be filled."""

    async def begin(self) -> str:
        """Make an empty index that nobody sees yet, and name its life."""
        ...

    async def swap(self, life: str) -> None:
        """Let that index be the present one; the others stay until `sweep`, for who is asking them now."""
        ...

    async def sweep(self, life: str) -> None:
        """Drop all indices but this one."""
        ...

    async def drop(self, life: str) -> None:
        """Give up an index that `begin` made."""
        ...
