"""HTTP to an app of this process, passed on piece by piece: an answer of any length takes the memory of one piece."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

import httpx2
from starlette.types import ASGIApp, Message, Scope


class InProcessTransport(httpx2.AsyncBaseTransport):
    """Calls an app with requests that have no body. Who stops reading an answer stops the app."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Return as soon as the app begins to answer; what it raises before that is the caller's."""
        call = _Call(self._app, _scope(request))
        try:
            start = await call.following()
        except BaseException:
            await call.aclose()
            raise
        if start is None:
            raise httpx2.RemoteProtocolError("The app did not answer.", request=request)
        return httpx2.Response(start["status"], headers=start.get("headers", []), stream=call)


class _Call(httpx2.AsyncByteStream):
    """One running app, one step ahead of its reader."""

    def __init__(self, app: ASGIApp, scope: Scope) -> None:
        self._sent: asyncio.Queue[Message] = asyncio.Queue(maxsize=1)
        self._asked = False
        self._task = asyncio.ensure_future(app(scope, self._receive, self._sent.put))

    async def following(self) -> Message | None:
        """Return what the app sends next; None when it ended without."""
        getting = asyncio.ensure_future(self._sent.get())
        try:
            await asyncio.wait({getting, self._task}, return_when=asyncio.FIRST_COMPLETED)
            if getting.done():
                return getting.result()
        finally:
            getting.cancel()
        if not self._sent.empty():
            return self._sent.get_nowait()
        self._task.result()
        return None

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while (message := await self.following()) is not None:
            if message["type"] == "http.response.body":
                yield message.get("body", b"")
                if not message.get("more_body"):
                    return

    async def aclose(self) -> None:
        """Let the app go."""
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task

    async def _receive(self) -> Message:
        if self._asked:  # it asks whether the reader is still there; when not, it is cancelled
            await asyncio.Event().wait()
        self._asked = True
        return {"type": "http.request", "body": b"", "more_body": False}


def _scope(request: httpx2.Request) -> Scope:
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "method": request.method,
        "headers": [(name.lower(), value) for name, value in request.headers.raw],
        "scheme": request.url.scheme,
        "path": request.url.path,
        "raw_path": request.url.raw_path.partition(b"?")[0],
        "query_string": request.url.query,
        "server": (request.url.host, request.url.port),
        "client": ("127.0.0.1", 0),
        "root_path": "",
    }
