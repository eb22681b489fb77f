"""Where and how often things go wrong, decided by the seed."""

import asyncio
import random
from collections import Counter


class Crash(BaseException):
    """A process of the world dies here. Not an Exception, so that no code under test can survive it."""


class Faults:
    """Dice for one world. `rate` is the chance that any one step outside the process is its last."""

    def __init__(self, seed: int, *, rate: float = 0.05) -> None:
        self.dice = random.Random(seed)  # noqa: S311 - a game, not a secret
        self.crashes: Counter[str] = Counter()
        self._rate = rate
        self._calm = False

    def calm(self) -> None:
        """From now on nothing fails any more: the world may settle."""
        self._calm = True

    def happens(self, chance: float) -> bool:
        """Throw a die, unless all is calm."""
        return not self._calm and self.dice.random() < chance

    async def step(self, who: str, *, seconds: float = 0.01) -> None:
        """Take some time outside the process, and perhaps die doing so."""
        await asyncio.sleep(self.dice.random() * seconds)
        if self.happens(self._rate):
            self.crashes[who] += 1
            raise Crash(who)
