"""Tells browsers what changed."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any

from sipario_events import GraphChanged, PageBuilt, RepositoryChanged, SiteBuilt
from sipario_kit.errors import Unavailable
from sipario_kit.projection import Checkpoint
from sse_starlette import ServerSentEvent

WAITING = 1000

Change = GraphChanged | PageBuilt | SiteBuilt | RepositoryChanged


class Listener:
    """One browser's stream. `session` is the fingerprint of the session that it was opened with, if it was by one."""

    def __init__(self, session: str) -> None:
        self.session = session
        self._waiting: asyncio.Queue[ServerSentEvent | None] = asyncio.Queue(WAITING)

    def tell(self, message: ServerSentEvent) -> None:
        """Hand over a message; a listener that did not keep up is told to look at everything anew."""
        try:
            self._waiting.put_nowait(message)
        except asyncio.QueueFull:
            self._instead(event("reset", {}))

    def hang_up(self) -> None:
        """End the stream, whatever still waits."""
        self._instead(None)

    async def next(self) -> ServerSentEvent | None:
        """Wait for a message; None when the stream is over."""
        return await self._waiting.get()

    def _instead(self, message: ServerSentEvent | None) -> None:
        while not self._waiting.empty():
            self._waiting.get_nowait()
        self._waiting.put_nowait(message)


class Live:
    """Hands every change to every listener.

    It is a projection that keeps nothing: what nobody hears is gone, and is not even read.
    """

    def __init__(self) -> None:
        self._listeners: set[Listener] = set()

    def reading(self, decode: Callable[[bytes], Change]) -> Callable[[bytes], Change | None]:
        """Make a decoder that reads only while somebody listens."""
        return lambda raw: decode(raw) if self._listeners else None

    async def positions(self, generation: str) -> Mapping[str, int]:
        """Nothing is kept."""
        del generation
        return {}

    async def apply(self, facts: Sequence[Change | None], checkpoint: Checkpoint) -> None:
        """Tell all listeners."""
        del checkpoint
        for message in [_message(fact) for fact in facts if fact]:
            for listener in self._listeners:
                listener.tell(message)

    async def listen(self, session: str = "") -> AsyncIterator[ServerSentEvent]:
        """Yield server-sent events until the caller goes away, or the session that they came with is over."""
        mine = Listener(session)
        self._listeners.add(mine)
        try:
            while message := await mine.next():
                yield message
        finally:
            self._listeners.discard(mine)

    def hang_up(self, session: str) -> None:
        """End all streams of a session."""
        for listener in self._listeners:
            if session and listener.session == session:
                listener.hang_up()

    async def see_out(self, stays: Callable[[str], Awaitable[bool]]) -> None:
        """End the streams of sessions that are over: they also end by themselves, and at other gateways."""
        for session in {listener.session for listener in self._listeners if listener.session}:
            with suppress(Unavailable):
                if not await stays(session):
                    self.hang_up(session)


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
