"""Stores of the world: they live on when a process dies, and some lose their memory.

`Bug` plants one mistake that this project must never make; the simulation has to find each.
"""

from collections.abc import Mapping, Sequence
from enum import Enum, auto

from sipario_events import EntityChanged, RepositoryChanged
from sipario_kit.errors import StoreForgotten
from sipario_kit.projection import Checkpoint

from sipario_testkit.simulation.faults import Faults


class Bug(Enum):
    """A planted mistake."""

    NONE = auto()
    NO_GUARD = auto()  # the older overwrites the newer
    CHECKPOINT_FIRST = auto()  # the place is kept before the facts
    NO_TOMBSTONE = auto()  # a delete forgets its version
    UNSCOPED_POSITIONS = auto()  # a place of one life is believed in the next
    CHECKPOINT_OUTSIDE = auto()  # the place outlives the facts that it speaks of
    DEAF_RELAY = auto()  # the relay goes on as if the broker had never died
    ONE_HINT = auto()  # what is said of one branch stands in for what was said of another


class Store:
    """An index of the world: what it holds dies with its checkpoint, or should."""

    def __init__(self, name: str, faults: Faults, bug: Bug = Bug.NONE) -> None:
        self.name = name
        self.rows: dict[str, EntityChanged] = {}
        self.effects: dict[tuple[str, int], int] = {}
        self.regressions: list[tuple[str, int, int]] = []
        self._checkpoint = Checkpoint("")
        self._entered = False
        self._faults = faults
        self._bug = bug

    def forget(self) -> None:
        """Lose everything, as an engine in memory does; effects are counted anew."""
        self.rows.clear()
        self.effects.clear()
        if self._bug is not Bug.CHECKPOINT_OUTSIDE:
            self._checkpoint = Checkpoint("")
            self._entered = False

    @property
    def wiped(self) -> bool:
        """Tell whether everything was lost since somebody asked for the place."""
        return not self._entered and self._checkpoint.generation == ""

    def live(self) -> dict[str, int]:
        """The versions of all that is not gone."""
        return {ref: row.version for ref, row in self.rows.items() if not row.gone}

    async def positions(self, generation: str) -> Mapping[str, int]:
        """The place reached in a life of the broker."""
        await self._faults.step(self.name)
        self._entered = True
        believed = self._bug is Bug.UNSCOPED_POSITIONS or self._checkpoint.generation == generation
        return self._checkpoint.positions if believed else {}

    async def apply(self, facts: Sequence[EntityChanged], checkpoint: Checkpoint) -> None:
        """Take in facts and place in one step; a crash comes before or after it, not within."""
        if self._bug is Bug.CHECKPOINT_FIRST:
            self._checkpoint = checkpoint
        await self._faults.step(self.name)
        if not self._entered:
            raise StoreForgotten(self.name)
        for fact in facts:
            self._take(fact)
        self._checkpoint = checkpoint
        await self._faults.step(self.name)

    def _take(self, fact: EntityChanged) -> None:
        held = self.rows.get(fact.ref)
        version = held.version if held else 0
        if fact.version <= version and self._bug is not Bug.NO_GUARD:
            return
        if fact.version < version:
            self.regressions.append((fact.ref, version, fact.version))
        effect = (fact.ref, fact.version)
        self.effects[effect] = self.effects.get(effect, 0) + 1
        self.rows[fact.ref] = fact
        if fact.gone and self._bug is Bug.NO_TOMBSTONE:
            del self.rows[fact.ref]


class BlurredHint(RepositoryChanged):
    """A hint as `Bug.ONE_HINT` has it: all that is said of a repository is one thing."""

    def identity(self) -> str:
        """Mistake the order for the thing."""
        return self.key()


class Hints:
    """Who hears of pushes: what it heard once, it has read."""

    name = "hints"

    def __init__(self, faults: Faults) -> None:
        self.heard: set[tuple[str, str]] = set()
        self._checkpoint = Checkpoint("")
        self._faults = faults

    async def positions(self, generation: str) -> Mapping[str, int]:
        """The place reached in a life of the broker."""
        await self._faults.step(self.name)
        return self._checkpoint.positions if self._checkpoint.generation == generation else {}

    async def apply(self, facts: Sequence[RepositoryChanged], checkpoint: Checkpoint) -> None:
        """Take in facts and place in one step."""
        await self._faults.step(self.name)
        self.heard.update((fact.identity(), fact.commit) for fact in facts)
        self._checkpoint = checkpoint
        await self._faults.step(self.name)
