"""Stores of the world: they live on when a process dies, and some lose their memory.

`Bug` plants one mistake that this project must never make; the simulation has to find each.
"""

from collections.abc import Mapping, Sequence
from enum import Enum, auto

from sipario_events import EntityChanged
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
    # Of the services:
    ONE_HINT = auto()  # what is said of one branch stands in for what was said of another
    WISH_LOST = auto()  # the place in the topic is kept before the wish to read
    UNTOLD_CLAIM = auto()  # who waits for an entity does not hear that it is free
    LEFT_EDGE = auto()  # a relation that is not declared any more stays in the graph
    UNSAID = auto()  # what changed in the graph is not kept until it was said
    LEFT_SECTION = auto()  # a page forgets how many sections it had
    DEAF_BUILD = auto()  # a build strikes off what was asked for while it was at work


OF_SERVICES = frozenset(bug for bug in Bug if bug.value >= Bug.ONE_HINT.value)


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
