"""Keeps requests waiting outside until there is something whole to answer from."""

from collections.abc import Callable, Collection

from sipario_kit.errors import Unavailable, error_body
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from sipario_catalog_graph.events import GRAPH_PROJECTION, READ_MODEL

NEEDS = (("/api/catalog/", READ_MODEL), ("/api/graph/", GRAPH_PROJECTION))


def gate(app: ASGIApp, behind: Callable[[], Collection[str]]) -> ASGIApp:
    """Answer 503 on paths whose projection has never yet caught up: an empty catalog would be a lie.

    A projection that has once caught up serves on while it catches up again.
    """
    complete: set[str] = set()

    async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
        if missing := _missing(scope, complete):
            complete.update({READ_MODEL, GRAPH_PROJECTION}.difference(behind()))
            if missing not in complete:
                text = f"The catalog is still being read: {missing} is catching up."
                refusal = error_body(Request(scope), Unavailable.status, Unavailable.name, text)
                return await refusal(scope, receive, send)
        return await app(scope, receive, send)

    return guarded


def _missing(scope: Scope, complete: Collection[str]) -> str:
    if len(complete) == len(NEEDS) or scope["type"] != "http":
        return ""
    needed = (name for prefix, name in NEEDS if scope["path"].startswith(prefix))
    return next((name for name in needed if name not in complete), "")
