"""A message as the bus delivers it, whatever broker it came from."""

from collections.abc import Mapping
from dataclasses import dataclass, field

GENERATION = "generation"


@dataclass(frozen=True, slots=True)
class Record:
    """One message of a topic's partition. Its `generation` header names the broker's life that it was written in."""

    topic: str
    partition: int
    offset: int
    value: bytes
    key: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def place(self) -> str:
        """Name the partition as checkpoints do: `topic/partition`."""
        return f"{self.topic}/{self.partition}"

    @property
    def generation(self) -> str:
        """The life of the broker that this was written in; empty when a stranger wrote it."""
        return self.headers.get(GENERATION, "")
