"""What a projection keeps, and how far it has come."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

Fact_contra = TypeVar("Fact_contra", contravariant=True)


@dataclass(frozen=True)
class Checkpoint:
    """How far a store has come in one life of the broker: `topic/partition` to the next offset to read."""

    generation: str
    positions: Mapping[str, int] = field(default_factory=dict)


class Projection(Protocol[Fact_contra]):
    """A store that can be rebuilt from events.

    `apply` is one transaction of the store: guarded upserts (only a greater version overwrites) and the checkpoint
    together, so that wiping the store wipes the checkpoint. It raises `EngineUnavailable` when the engine is away, and
    `StoreForgotten` when the store was wiped since `positions` was asked, which then is asked again.
    """

    async def positions(self, generation: str) -> Mapping[str, int]:
        """Read the checkpoint of that life of the broker; empty when there is none."""
        ...

    async def apply(self, facts: Sequence[Fact_contra], checkpoint: Checkpoint) -> None:
        """Take in facts and the place reached with them. No facts: only the place."""
        ...
