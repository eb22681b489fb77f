"""The catalog as it was: whatever can be asked of it now can be asked with `asOf=` too."""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlencode

from sipario_events import EntityChanged
from sipario_kit.errors import InvalidInput, StatusError, error_body
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from sipario_catalog_graph.catalog import Catalog
from sipario_catalog_graph.readmodel import BREATH, SLICE_SECONDS

AS_OF = "asOf"
ASKABLE = ("/api/catalog/", "/api/graph/impact/", "/api/graph/neighbors/")
READING = ("GET", "POST")
KEPT = 2

Remembered = Callable[[str], AsyncIterator[str]]
Face = Callable[[Catalog], ASGIApp]


class Past:
    """Folds the catalog of a moment from what the ledger remembers of it, and keeps the last ones asked for.

    `remembered` yields the events of a moment, a line of JSON each; it raises `StatusError` for what is no moment.
    """

    def __init__(self, remembered: Remembered, face: Face) -> None:
        self._remembered = remembered
        self._face = face
        self._faces: OrderedDict[str, ASGIApp] = OrderedDict()
        self._one_at_a_time = asyncio.Lock()

    async def at(self, moment: str) -> ASGIApp:
        """Return the face of the catalog at a moment."""
        async with self._one_at_a_time:
            if moment not in self._faces:
                begun = datetime.now(UTC)
                face = self._face(await self._fold(moment))
                if not _is_over(moment, begun):  # more may come to it
                    return face
                self._faces[moment] = face
            self._faces.move_to_end(moment)
            while len(self._faces) > KEPT:
                self._faces.popitem(last=False)
            return self._faces[moment]

    async def _fold(self, moment: str) -> Catalog:
        catalog, number = Catalog(), 0
        async for line in self._remembered(moment):
            if line:
                catalog.fold(EntityChanged.read(line.encode()))
                number += 1
                if number % BREATH == 0:
                    await asyncio.sleep(0)
        # Nobody works properties out beside requests here.
        while not catalog.derived.settle(SLICE_SECONDS):  # noqa: ASYNC110 - it lets others go first
            await asyncio.sleep(0)
        return catalog


def _is_over(moment: str, now: datetime) -> bool:
    try:
        read = datetime.fromisoformat(moment.strip().replace(" ", "+" if "T" in moment else "T"))
    except ValueError:  # written in a way that the ledger alone reads
        return False
    return (read if read.tzinfo else read.replace(tzinfo=UTC)) < now


def with_past(app: ASGIApp, past: Past) -> ASGIApp:
    """Send what is asked with `asOf=` to the catalog of that moment, and all else to an app."""

    async def dated(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or AS_OF.encode() not in scope["query_string"]:
            return await app(scope, receive, send)
        pairs = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        moments = [value for key, value in pairs if key == AS_OF]
        if not moments:
            return await app(scope, receive, send)
        try:
            face = await past.at(_asked(scope, moments))
        except StatusError as error:
            refusal = error_body(Request(scope), error.status, error.name, str(error))
            return await refusal(scope, receive, send)
        rest = urlencode([(key, value) for key, value in pairs if key != AS_OF])
        return await face({**scope, "query_string": rest.encode("latin-1")}, receive, send)

    return dated


def _asked(scope: Scope, moments: list[str]) -> str:
    if scope["method"] not in READING or not scope["path"].startswith(ASKABLE):
        raise InvalidInput("Only what reads the catalog can be asked as of a moment.")
    if len(set(moments)) > 1:
        raise InvalidInput("asOf may be given once only.")
    return moments[0]
