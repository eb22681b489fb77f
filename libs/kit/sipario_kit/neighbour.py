"""How a service asks another one: its app when it lives in this process, over HTTP when it does not."""

from collections.abc import AsyncGenerator, Mapping

import httpx2
from starlette.types import Receive, Scope, Send

from sipario_kit.errors import StatusError, Unavailable
from sipario_kit.in_process import InProcessTransport
from sipario_kit.principal import Principal, token_for, vouch
from sipario_kit.service import Service

CONNECT_SECONDS = 2.0
ANSWER_SECONDS = 120.0


class Neighbour:
    """Another service. `here` are those of this process, and may still grow; `url` is its address otherwise."""

    def __init__(self, name: str, *, asker: str, here: Mapping[str, Service], url: str, key: str) -> None:
        self._name = name
        self._asker = Principal(f"service:{asker}", "service")
        self._here = here
        self._url = url
        self._key = key

    async def lines(self, path: str, params: Mapping[str, str]) -> AsyncGenerator[str, None]:
        """Yield the lines of what a GET answers; raises `Unavailable`, and what it refuses as it says it."""
        try:
            async with self._client() as client, client.stream("GET", path, params=params) as answer:
                if answer.is_error:
                    await answer.aread()
                    raise refusal(answer)
                async for line in answer.aiter_lines():
                    yield line
        except httpx2.TransportError as error:
            raise Unavailable(f"{self._name} does not answer.") from error

    def _client(self) -> httpx2.AsyncClient:
        timeout = httpx2.Timeout(ANSWER_SECONDS, connect=CONNECT_SECONDS)
        if self._name in self._here:
            transport = InProcessTransport(self._vouched)
            return httpx2.AsyncClient(transport=transport, base_url="http://in-process", timeout=timeout)
        if not self._url:
            raise Unavailable(f"Nobody said where {self._name} is.")
        headers = {"authorization": f"Bearer {token_for(self._asker, self._name, self._key)}"}
        return httpx2.AsyncClient(base_url=self._url, headers=headers, timeout=timeout)

    async def _vouched(self, scope: Scope, receive: Receive, send: Send) -> None:
        app = self._here[self._name].api
        assert app is not None
        await app(vouch(scope, self._asker), receive, send)


def refusal(answer: httpx2.Response) -> StatusError:
    """Make the error that another service answered with."""
    known = {each.status: each for each in StatusError.__subclasses__()}
    try:
        message = str(answer.json()["error"]["message"])
    except (ValueError, KeyError, TypeError):
        message = f"{answer.url.path} answers {answer.status_code}"
    return known.get(answer.status_code, Unavailable)(message)
