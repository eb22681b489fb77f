"""Keeps requests waiting outside until there is something whole to answer from."""

from collections.abc import Callable, Collection

from sipario_kit.errors import Unavailable, error_body
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from sipario_catalog_graph.events import READ_MODEL

GUARDED = ("/api/catalog/", "/api/graph/")


def gate(app: ASGIApp, behind: Callable[[], Collection[str]]) -> ASGIApp:
    """Answer 503 while the read model has never yet caught up: an empty catalog would be a lie.

    Once it has caught up it serves on while it catches up again. The graph's projection is not waited for.
    """
    opened = False

    async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
        nonlocal opened
        if not opened and scope["type"] == "http" and scope["path"].startswith(GUARDED):
            opened = READ_MODEL not in behind()
            if not opened:
                text = f"The catalog is still being read: {READ_MODEL} is catching up."
                refusal = error_body(Request(scope), Unavailable.status, Unavailable.name, text)
                return await refusal(scope, receive, send)
        return await app(scope, receive, send)

    return guarded
