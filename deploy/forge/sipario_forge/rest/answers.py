"""How REST answers: JSON with an ETag, pages with Link headers, errors in GitHub's shape."""

import hashlib
from collections.abc import Callable, Sequence
from typing import Annotated, Any, TypeVar
from urllib.parse import urlencode

import orjson
from fastapi import Depends, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from sipario_forge.errors import BadCredentials, ForgeError
from sipario_forge.shapes import Json

Item = TypeVar("Item")
_MOST_PER_PAGE = 100


class Answers:
    """Writes responses to one request."""

    def __init__(self, request: Request) -> None:
        self._request = request
        query = request.query_params
        self._size = min(max(_number(query.get("per_page"), 30), 1), _MOST_PER_PAGE)
        self._page = max(_number(query.get("page"), 1), 1)

    def json(self, value: Any, *, status: int = 200, links: str = "") -> Response:
        """Answer with JSON, or with 304 when the client has exactly this already."""
        body = orjson.dumps(value)
        tag = f'"{hashlib.sha256(body).hexdigest()}"'
        headers = {"ETag": tag, "Cache-Control": "private, max-age=0, must-revalidate"}
        headers |= {"Link": links} if links else {}
        given = self._request.headers.get("if-none-match", "")
        if self._request.method == "GET" and tag in (
            part.strip().removeprefix("W/") for part in given.split(",")
        ):
            return Response(status_code=304, headers=headers)
        return Response(body, status, headers, media_type="application/json")

    def page(self, items: Sequence[Item], shape: Callable[[Item], Any]) -> Response:
        """Answer with the page of a list that the request asks for."""
        last = max(-(-len(items) // self._size), 1)
        shown = [shape(item) for item in items[(self._page - 1) * self._size : self.last_shown]]
        return self.json(shown, links=", ".join(self._links(self._page, last)))

    @property
    def last_shown(self) -> int:
        """How many items of a list there are up to the end of the page that the request asks for."""
        return self._page * self._size

    def endless(self, items: Sequence[Item], shape: Callable[[Item], Any]) -> Response:
        """Answer with a page of a list of which nobody counted more than its next item."""
        shown = [shape(item) for item in items[self.last_shown - self._size : self.last_shown]]
        near = {"prev": self._page - 1} if self._page > 1 else {}
        near |= {"next": self._page + 1} if len(items) > self.last_shown else {}
        return self.json(shown, links=", ".join(self._link(name, page) for name, page in near.items()))

    def _links(self, page: int, last: int) -> list[str]:
        near = {"prev": page - 1, "next": page + 1, "last": last, "first": 1}
        if page >= last:
            near = {key: near[key] for key in ("prev", "first")}
        if page <= 1:
            near = {key: number for key, number in near.items() if key in {"next", "last"}}
        return [self._link(name, number) for name, number in near.items()]

    def _link(self, name: str, page: int) -> str:
        query = urlencode({**self._request.query_params, "page": page})
        return f'<{self._request.url.replace(query=query)}>; rel="{name}"'


Answering = Annotated[Answers, Depends(Answers)]


def _number(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isdigit() and len(text) < 10 else otherwise


def refused(_: Request, error: Exception) -> Response:
    """Put a refusal into GitHub's error shape; git's own client is asked for a password where it may help."""
    assert isinstance(error, ForgeError)
    headers = {}
    if isinstance(error, BadCredentials):
        headers["WWW-Authenticate"] = 'Basic realm="forge"'
    return _error(error.status, {"message": error.message}, headers)


def misunderstood(_: Request, error: Exception) -> Response:
    """Say which field of a request's body or query is wrong."""
    assert isinstance(error, RequestValidationError)
    problems = [{"field": ".".join(map(str, at["loc"][1:])), "message": at["msg"]} for at in error.errors()]
    if any(at["type"] == "json_invalid" for at in error.errors()):
        return _error(400, {"message": "Problems parsing JSON"})
    return _error(422, {"message": "Validation Failed", "errors": problems})


def missed(_: Request, error: Exception) -> Response:
    """Say that there is no such path or method."""
    assert isinstance(error, HTTPException)
    message = "Not Found" if error.status_code == 404 else error.detail
    return _error(error.status_code, {"message": message}, dict(error.headers or {}))


def _error(status: int, body: Json, headers: dict[str, str] | None = None) -> Response:
    return Response(orjson.dumps(body), status, headers, media_type="application/json")
