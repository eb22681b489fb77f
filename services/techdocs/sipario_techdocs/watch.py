"""Makes up for lost webhooks of repositories that only docs are read from: nobody else looks at them."""

from collections.abc import Callable

from sipario_scm import Lookout

from sipario_techdocs.store import Heard, Queue


class Watch:
    """Looks at them now and then; `wake` tells the builders."""

    def __init__(self, heard: Heard, queue: Queue, lookout: Lookout, *, wake: Callable[[], None]) -> None:
        self._heard = heard
        self._queue = queue
        self._lookout = lookout
        self._wake = wake

    async def look(self) -> None:
        """Queue builds of docs whose repository moved since the last look; at the first, of all such docs."""
        refs = await self._heard.elsewhere()
        moved = await self._lookout.moved(refs)
        affected = sorted(ref for repository in moved for ref in refs[repository])
        if affected:
            await self._queue.queue(affected)
            self._wake()
        self._lookout.keep(moved)
