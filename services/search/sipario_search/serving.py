"""Answers questions from an index that is whole, or not at all: an empty result would be a lie."""

from collections.abc import Callable, Sequence
from typing import Any

from sipario_kit.errors import StoreForgotten, Unavailable
from sipario_kit.service import Health

from sipario_search.projection import Indexed
from sipario_search.store import Found, Index, Question


class Serving:
    """Finds documents. An index that has once caught up serves on while it catches up again."""

    def __init__(
        self, index: Index, projections: Sequence[Indexed[Any]], health: Callable[[], Health]
    ) -> None:
        self._index = index
        self._projections = projections
        self._health = health
        self._whole = ""

    async def find(self, question: Question) -> Found:
        """Answer; raises `Unavailable` while there is no whole index."""
        life = await self._life()
        try:
            return await self._index.find(life, question)
        except StoreForgotten as error:
            self._whole = ""
            raise Unavailable("The index is being filled again.") from error

    async def _life(self) -> str:
        # A projection that has heard nothing yet knows no life: there may be nothing to hear.
        lives = {projection.life for projection in self._projections} - {""}
        if len(lives) == 1 and self._whole in lives:
            return self._whole
        health = self._health()
        if len(lives) > 1 or not health.ready:
            raise Unavailable(f"The index is being filled: {health.reason or 'it was wiped'}.")
        self._whole = next(iter(lives), "") or await self._index.present()
        return self._whole
