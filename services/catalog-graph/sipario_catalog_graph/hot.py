"""The questions that are asked most, answered without the framework, which costs ten times the answer.

The answers, and what may be asked, are those of the app; whatever is unusual, wrong or not there goes on to the app,
which says so in its words.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from urllib.parse import parse_qsl

import orjson
from pydantic import BaseModel
from sipario_kit.errors import StatusError
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sipario_catalog_graph import serving
from sipario_catalog_graph.asked import ByRefs, Counting, Querying
from sipario_catalog_graph.catalog import Catalog, named

ENTITIES = "/api/catalog/entities"
NAMED = f"{ENTITIES}/by-name/"
REFS = f"{ENTITIES}/by-refs"
QUERY = f"{ENTITIES}/by-query"
FACETS = "/api/catalog/entity-facets"
JSON = (b"content-type", b"application/json")

Asked = TypeVar("Asked", bound=BaseModel)
Answer = Callable[[bytes], bytes | None]


def hot(app: ASGIApp, catalog: Catalog) -> ASGIApp:
    """Put the short way before an app."""
    asking: Mapping[str, Answer] = {
        QUERY: lambda query: _page(catalog, _asked(Querying, query)),
        FACETS: lambda query: serving.facets(catalog, _asked(Counting, query)),
    }

    async def answered(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await app(scope, receive, send)
        path, body = scope["path"], None
        try:
            if scope["method"] == "GET":
                body = _got(catalog, asking, path, scope["query_string"])
            elif scope["method"] == "POST" and path == REFS and not scope["query_string"]:
                first = await receive()
                receive = _again(first, receive)
                body = _by_refs(catalog, first)
        except (StatusError, ValueError):
            body = None
        return await (app(scope, receive, send) if body is None else _answer(send, body))

    return answered


def _got(catalog: Catalog, asking: Mapping[str, Answer], path: str, query: bytes) -> bytes | None:
    if path.startswith(NAMED) and not query:
        return _by_name(catalog, path[len(NAMED) :].split("/"))
    answer = asking.get(path)
    return answer(query) if answer else None


def _by_name(catalog: Catalog, parts: list[str]) -> bytes | None:
    ref = named(*parts[:3]) if len(parts) in (3, 4) else ""
    if not catalog.entry(ref):
        return None
    if len(parts) == 3:
        return catalog.served(ref)
    return serving.ancestry(catalog, ref) if parts[3] == "ancestry" else None


def _page(catalog: Catalog, asked: Querying) -> bytes | None:
    return serving.by_query(catalog, asked).whole() if asked.limit <= serving.CHUNK else None


def _by_refs(catalog: Catalog, message: Message) -> bytes | None:
    if message["type"] != "http.request" or message.get("more_body"):
        return None
    return serving.by_refs(catalog, ByRefs.model_validate(orjson.loads(message.get("body", b""))))


def _asked(model: type[Asked], query: bytes) -> Asked:
    """Read a query string as the framework does: lists repeat, of the others the last one counts."""
    values: dict[str, Any] = {}
    for name, value in parse_qsl(query.decode("latin-1"), keep_blank_values=True):
        field = model.model_fields.get(name)
        if field and field.annotation == list[str]:
            values.setdefault(name, []).append(value)
        else:
            values[name] = value
    return model.model_validate(values)


def _again(first: Message, receive: Receive) -> Receive:
    """Hand the message that was taken to whoever asks next."""
    left = [first]

    async def received() -> Message:
        return left.pop() if left else await receive()

    return received


async def _answer(send: Send, body: bytes) -> None:
    headers = [JSON, (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})
