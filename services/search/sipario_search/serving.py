"""Answers questions from an index that is whole, or not at all: an empty result would be a lie."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

from cachetools import TTLCache
from sipario_kit.errors import StoreForgotten, Unavailable
from sipario_kit.service import Health

from sipario_search.projection import Indexed
from sipario_search.store import Found, Index, Question

REMEMBERED = 500
REMEMBERED_SECONDS = 0.3


class Serving:
    """Finds documents. An index that has once caught up serves on while it catches up again.

    What many ask at the same time is asked of the index once: an answer is given again for a moment.
    """

    def __init__(
        self, index: Index, projections: Sequence[Indexed[Any]], health: Callable[[], Health]
    ) -> None:
        self._index = index
        self._projections = projections
        self._health = health
        self._whole = ""
        self._answers: TTLCache[tuple[str, Question], asyncio.Task[Found]] = TTLCache(
            REMEMBERED, REMEMBERED_SECONDS
        )

    async def find(self, question: Question) -> Found:
        """Answer; raises `Unavailable` while there is no whole index."""
        life = await self._life()
        answer = self._answers.get((life, question))
        if answer is None:
            answer = self._answers[life, question] = asyncio.create_task(self._asked(life, question))
        # Who stops waiting must not take the answer from the others.
        return await asyncio.shield(answer)

    async def show(self) -> None:
        """Answer from now on with all that the projections have applied."""
        await self._index.show(await self._life())
        self._answers.clear()

    async def _asked(self, life: str, question: Question) -> Found:
        try:
            return await self._index.find(life, question)
        except StoreForgotten as error:
            # A rebuild may have gone over to the next life while this one was asked.
            moved = {projection.life for projection in self._projections} - {"", life}
            if len(moved) == 1:
                return await self._asked(moved.pop(), question)
            self._whole = ""
            raise Unavailable("The index is being filled again.") from error

    async def _life(self) -> str:
        # A projection that has heard nothing yet knows no life: there may be nothing to hear.
        lives = {projection.life for projection in self._projections} - {""}
        if len(lives) == 1 and self._whole in lives:
            return self._whole
        health = self._health()
        if len(lives) > 1 or not health.ready:
            left = sum(health.lag.get(projection.name, 0) for projection in self._projections)
            ahead = f"; {left:,} changes are left to read" if left else ""
            raise Unavailable(f"The index is being filled: {health.reason or 'it was wiped'}{ahead}.")
        self._whole = next(iter(lives), "") or await self._index.present()
        return self._whole
