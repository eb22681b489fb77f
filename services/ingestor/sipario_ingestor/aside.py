"""Reading on a thread, as the event loop sees it."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import replace
from typing import Any, Protocol

from sipario_events import EntityChanged

from sipario_ingestor.entity_providers import ProviderUnusable
from sipario_ingestor.found import FoundTree
from sipario_ingestor.outcome import Outcome
from sipario_ingestor.reader import Reader, Request

Finding = Callable[[str], Coroutine[Any, Any, FoundTree]]
Taking = Callable[[Sequence[EntityChanged]], Coroutine[Any, Any, None]]


class Reads(Protocol):
    """What turns the files of a source into an outcome. Raises ScmError when they can't be had at all."""

    async def read(self, request: Request, take: Taking) -> Outcome:
        """Read at the head of the source's branch; gives away to `take` what is done meanwhile."""
        ...

    def remember(self, request: Request, outcome: Outcome) -> None:
        """Keep that an outcome was recorded whole."""
        ...

    def forget(self, id_: str) -> None:
        """Read everything of a source next time."""
        ...

    async def discard(self, id_: str, repository: str) -> None:
        """Forget a source, and with a repository what is kept of that."""
        ...


async def _nobody(id_: str) -> FoundTree:
    raise ProviderUnusable(f"{id_} is not configured")


class Aside:
    """A `Reader`, which blocks, on a thread of its own for each reading. `find` asks the provider of that id."""

    def __init__(self, reader: Reader, find: Finding = _nobody) -> None:
        self._reader = reader
        self._find = find

    async def read(self, request: Request, take: Taking) -> Outcome:
        """Read on a thread; `take` is called on the loop, and waited for."""
        if request.source.provided:
            request = replace(request, found=await self._find(request.source.id))
        loop = asyncio.get_running_loop()

        def give(events: Sequence[EntityChanged]) -> None:
            asyncio.run_coroutine_threadsafe(take(events), loop).result()

        return await asyncio.to_thread(self._reader.read, request, give)

    def remember(self, request: Request, outcome: Outcome) -> None:
        """Keep that an outcome was recorded whole."""
        self._reader.remember(request, outcome)

    def forget(self, id_: str) -> None:
        """Read everything of a source next time."""
        self._reader.forget(id_, "")

    async def discard(self, id_: str, repository: str) -> None:
        """Forget a source, and with a repository its mirror."""
        await asyncio.to_thread(self._reader.forget, id_, repository)
