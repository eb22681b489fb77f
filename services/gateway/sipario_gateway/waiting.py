"""Reads that wait for a write: the ingestor tells when it is published, the service asked when it shows it."""

import asyncio
from collections.abc import Mapping, Sequence
from urllib.parse import unquote_plus, urlencode

from sipario_kit.errors import InvalidInput, Unavailable
from sipario_kit.neighbour import refusal
from sipario_kit.principal import Principal
from sipario_kit.waiting import CAUGHT_UP, WAIT_FOR, WRITTEN
from starlette.requests import Request
from starlette.types import Scope

from sipario_gateway.forward import Forward

MOST = 10
WRITER = "ingestor"
LEAST_SECONDS = 0.001
MOST_WAITING = 50
"""Half of the connections to a service elsewhere: those who do not wait need the others."""
_GIVEN = b"waitFor="


class Waiting:
    """Holds requests that carry a token until what it stands for can be read, for so many seconds at most.

    No more than `most` at a time: others are told to ask again.
    """

    def __init__(
        self, forwards: Mapping[str, Forward], asker: Principal, seconds: float, *, most: int = MOST_WAITING
    ) -> None:
        self._forwards = forwards
        self._asker = asker
        self._seconds = seconds
        self._places = asyncio.Semaphore(most)

    async def waited(self, request: Request, service: str) -> Scope:
        """Return a request as it is to go on, without its tokens, once it may; raises what the services refuse."""
        tokens, scope = (
            _taken(request.scope) if _GIVEN in request.scope["query_string"] else ([], request.scope)
        )
        tokens += request.headers.getlist(WAIT_FOR)
        if len(tokens) > MOST:
            raise InvalidInput(f"Wait for at most {MOST} tokens, not for {len(tokens)}")
        if tokens and self._places.locked():
            raise Unavailable("Too many wait for what they wrote; ask again.")
        if tokens:
            async with self._places:
                await self._wait(tokens, service)
        return scope

    async def _wait(self, tokens: Sequence[str], service: str) -> None:
        end = asyncio.get_running_loop().time() + self._seconds
        for token in tokens:
            await self._ask(WRITER, WRITTEN, end, token=token)
        if service != WRITER:
            await self._ask(service, CAUGHT_UP, end)

    async def _ask(self, service: str, path: str, end: float, **params: str) -> None:
        left = max(end - asyncio.get_running_loop().time(), LEAST_SECONDS)
        if service not in self._forwards:
            raise Unavailable(f"No address of the service {service} is configured (GATEWAY_UPSTREAMS).")
        query = urlencode({**params, "seconds": round(left, 3)})
        answer = await self._forwards[service].ask(self._asker, f"{path}?{query}")
        if answer.is_error:
            raise refusal(answer)


def _taken(scope: Scope) -> tuple[list[str], Scope]:
    """Take the tokens out of the query, and leave the rest as it was sent."""
    parts = scope["query_string"].split(b"&")
    rest = [part for part in parts if not part.startswith(_GIVEN)]
    given = (part.removeprefix(_GIVEN) for part in parts if part.startswith(_GIVEN))
    tokens = [unquote_plus(each.decode("latin-1")) for each in given]
    return [each for each in tokens if each], {**scope, "query_string": b"&".join(rest)}
