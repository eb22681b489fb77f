"""Bodies of REST requests: bounded, and JSON whatever they are called."""

import orjson
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_MOST_BYTES = 32 * 1024 * 1024
_GIT = ("/git-upload-pack", "/git-receive-pack")


class JsonBodies:
    """Reads a REST body before anybody else does; git's bodies pass untouched.

    GitHub takes `curl -d '{…}'`, which calls its JSON a form; so does the forge.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Read the body, then let the request pass."""
        if scope["type"] != "http" or scope["method"] in {"GET", "HEAD"} or scope["path"].endswith(_GIT):
            await self._app(scope, receive, send)
            return
        body = bytearray()
        async for chunk in Request(scope, receive).stream():
            body += chunk
            if len(body) > _MOST_BYTES:
                message = orjson.dumps({"message": f"the body is larger than {_MOST_BYTES} bytes"})
                await Response(message, 413, media_type="application/json")(scope, receive, send)
                return
        headers = MutableHeaders(scope=scope)
        headers["content-type"] = "application/json"
        await self._app(scope, _once(bytes(body), receive), send)


def _once(body: bytes, receive: Receive) -> Receive:
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replay() -> Message:
        return waiting.pop() if waiting else await receive()

    return replay
