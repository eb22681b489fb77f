"""The way to a service: its own app when it lives in this process, a streaming reverse proxy when it does not."""

from collections.abc import AsyncIterator
from typing import Protocol
from urllib.parse import quote

import httpx2
from sipario_kit.errors import Unavailable, error_body
from sipario_kit.in_process import InProcessTransport
from sipario_kit.principal import Principal, token_for, vouch
from starlette.requests import Request
from starlette.responses import StreamingResponse
from starlette.types import ASGIApp, Receive, Scope, Send

HOP_BY_HOP = frozenset(
    [
        "connection",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "host",
    ]
)
NOT_FORWARDED = HOP_BY_HOP | {"cookie", "authorization", "content-length"}
CONNECT_SECONDS = 2.0
ANSWER_SECONDS = 60.0
REBUILD_SECONDS = 3600.0
"""A rebuild answers when it is done; `sipario rebuild` waits as long."""


class Forward(Protocol):
    """Takes a request on to a service, in the name of a principal (or of nobody, where that is allowed)."""

    async def send(self, principal: Principal | None, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and the answer back, as a stream."""
        ...

    async def ask(self, principal: Principal, path: str) -> httpx2.Response:
        """GET something for the gateway itself; raises `Unavailable`."""
        ...

    async def aclose(self) -> None:
        """Let go of the connections."""
        ...


class InProcess:
    """A service that lives here: its app is called, nothing is copied."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def send(self, principal: Principal | None, scope: Scope, receive: Receive, send: Send) -> None:
        """Call the app, vouching for the principal."""
        await self._app(vouch(scope, principal) if principal else scope, receive, send)

    async def ask(self, principal: Principal, path: str) -> httpx2.Response:
        """Call the app with a request made here."""

        async def vouched(scope: Scope, receive: Receive, send: Send) -> None:
            await self.send(principal, scope, receive, send)

        async with httpx2.AsyncClient(
            transport=InProcessTransport(vouched), base_url="http://in-process", trust_env=False
        ) as client:
            return await client.get(path)

    async def aclose(self) -> None:
        """Nothing is held."""


class ReverseProxy:
    """A service elsewhere: requests travel over HTTP with a short-lived token of the principal."""

    def __init__(self, name: str, url: str, key: str) -> None:
        self._name = name
        self._key = key
        self._client = httpx2.AsyncClient(
            base_url=url, timeout=httpx2.Timeout(ANSWER_SECONDS, connect=CONNECT_SECONDS)
        )

    async def send(self, principal: Principal | None, scope: Scope, receive: Receive, send: Send) -> None:
        """Stream the request there and the answer back; 503 when nobody answers."""
        request = Request(scope, receive)
        headers = {name: value for name, value in request.headers.items() if name not in NOT_FORWARDED}
        outgoing = self._client.build_request(
            request.method,
            as_it_came(scope),
            headers={**headers, **self._authorization(principal)},
            content=request.stream() if request.method not in ("GET", "HEAD") else None,
            timeout=patience(scope["path"]),
        )
        try:
            answer = await self._client.send(outgoing, stream=True)
        except httpx2.TransportError:
            refusal = error_body(request, 503, Unavailable.name, f"{self._name} does not answer.")
            return await refusal(scope, receive, send)
        kept = {name: value for name, value in answer.headers.items() if name not in HOP_BY_HOP}
        response = StreamingResponse(_raw(answer), answer.status_code, headers=kept)
        return await response(scope, receive, send)

    async def ask(self, principal: Principal, path: str) -> httpx2.Response:
        """GET over HTTP."""
        try:
            return await self._client.get(path, headers=self._authorization(principal))
        except httpx2.TransportError as error:
            raise Unavailable(f"{self._name} does not answer.") from error

    async def aclose(self) -> None:
        """Let go of the connections."""
        await self._client.aclose()

    def _authorization(self, principal: Principal | None) -> dict[str, str]:
        if principal is None:
            return {}
        return {"authorization": f"Bearer {token_for(principal, self._name, self._key)}"}


def patience(path: str) -> httpx2.Timeout:
    """Return how long to wait for the answer to a path."""
    seconds = REBUILD_SECONDS if path.endswith("/rebuild") else ANSWER_SECONDS
    return httpx2.Timeout(seconds, connect=CONNECT_SECONDS)


def as_it_came(scope: Scope) -> httpx2.URL:
    """Return path and query as they were sent: decoded once too often, they could mean something else there."""
    raw = scope.get("raw_path") or quote(scope["path"]).encode()
    query = scope["query_string"]
    return httpx2.URL(raw_path=raw.partition(b"?")[0] + (b"?" + query if query else b""))


async def _raw(answer: httpx2.Response) -> AsyncIterator[bytes]:
    try:
        async for chunk in answer.aiter_raw():
            yield chunk
    finally:
        await answer.aclose()
