"""What the ledger answers with."""

import zlib
from dataclasses import dataclass, field
from datetime import datetime

from sipario_events import Cause

_FASTEST = 1
# zlib takes 256 kB for each call, whatever it packs, and to get them costs more than to pack an event. For what is no
# larger than the window, this packs as well with a tenth of that.
_SMALL_WINDOW = 12
_SMALL_MEMORY = 6


def packed(body: bytes) -> bytes:
    """Pack an event for storage."""
    if len(body) > 1 << _SMALL_WINDOW:
        return zlib.compress(body, _FASTEST)
    packing = zlib.compressobj(_FASTEST, zlib.DEFLATED, _SMALL_WINDOW, _SMALL_MEMORY)
    return packing.compress(body) + packing.flush()


@dataclass(frozen=True, slots=True)
class Entry:
    """One version of one thing, as it was recorded.

    `seq` counts the entries of this ledger without gaps. `key` is what must stay in order when published,
    `identity` the thing whose versions are counted. `gone` marks a tombstone. `at` is when it was recorded
    (UTC).
    """

    seq: int
    topic: str
    key: str
    identity: str
    version: int
    gone: bool
    digest: str
    origin: str
    at: datetime
    cause: Cause
    packed: bytes = field(repr=False)

    @property
    def body(self) -> bytes:
        """The event as it travels, its version in it."""
        return zlib.decompress(self.packed)

    @property
    def event_id(self) -> str:
        """A name of this entry that is unique in all topics and the same on every delivery."""
        return f"{self.topic}/{self.identity}@{self.version}"


@dataclass(frozen=True, slots=True)
class Refusal:
    """A claim that was refused and remembered: `holder` owns what `claimant` wanted to change."""

    topic: str
    key: str
    holder: str
    claimant: str


@dataclass(frozen=True, slots=True)
class Contested:
    """What one origin holds and another one, that was refused, still waits for."""

    identity: str
    holder: str
    claimant: str


@dataclass(frozen=True, slots=True)
class Freed:
    """Something that nobody holds any more and `claimant` was once refused: read it again, it is its turn."""

    topic: str
    key: str
    claimant: str


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of a call of `record`.

    `entries` are what is new, in the order of `seq`; `refused` what another origin owns; `freed` whom to read
    again because this call let go of what they want. `repeated` tells that the delivery had been seen before:
    then nothing was done.
    """

    entries: tuple[Entry, ...] = ()
    refused: tuple[Refusal, ...] = ()
    freed: tuple[Freed, ...] = ()
    repeated: bool = False
