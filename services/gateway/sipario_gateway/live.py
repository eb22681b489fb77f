"""Tells browsers what changed."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

from sipario_events import GraphChanged, PageBuilt, RepositoryChanged, SiteBuilt
from sipario_kit.projection import Checkpoint
from sse_starlette import ServerSentEvent

WAITING = 1000

Change = GraphChanged | PageBuilt | SiteBuilt | RepositoryChanged


class Live:
    """Hands every change to every listener. A listener that does not keep up is told to look at everything anew.

    It is a projection that keeps nothing: what nobody hears is gone.
    """

    def __init__(self) -> None:
        self._listeners: set[asyncio.Queue[ServerSentEvent]] = set()

    async def positions(self, generation: str) -> Mapping[str, int]:
        """Nothing is kept."""
        del generation
        return {}

    async def apply(self, facts: Sequence[Change], checkpoint: Checkpoint) -> None:
        """Tell all listeners."""
        del checkpoint
        for message in [_message(fact) for fact in facts] if self._listeners else []:
            for listener in self._listeners:
                _put(listener, message)

    async def listen(self) -> AsyncIterator[ServerSentEvent]:
        """Yield server-sent events until the caller goes away."""
        mine: asyncio.Queue[ServerSentEvent] = asyncio.Queue(WAITING)
        self._listeners.add(mine)
        try:
            while True:
                yield await mine.get()
        finally:
            self._listeners.discard(mine)


def _put(listener: asyncio.Queue[ServerSentEvent], message: ServerSentEvent) -> None:
    try:
        listener.put_nowait(message)
    except asyncio.QueueFull:
        while not listener.empty():
            with suppress(asyncio.QueueEmpty):
                listener.get_nowait()
        listener.put_nowait(event("reset", {}))


def _message(change: Change) -> ServerSentEvent:
    match change:
        case GraphChanged():
            data = {
                "ref": change.ref,
                "version": change.version,
                "gone": change.gone,
                "affected": change.affected,
            }
            return event("graph", data)
        case PageBuilt():
            return event("docs", {"ref": change.ref, "version": change.version, "path": change.path})
        case SiteBuilt():
            return event("docs", {"ref": change.ref, "version": change.version, "error": change.error})
        case RepositoryChanged():
            return event("source", {"ref": change.repository, "version": change.version})


def event(name: str, data: Mapping[str, Any]) -> ServerSentEvent:
    """Write one server-sent event."""
    return ServerSentEvent(json.dumps(data), event=name)
