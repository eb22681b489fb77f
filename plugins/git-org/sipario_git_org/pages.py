"""Asks the API of one Git host: whole lists, or none."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from sipario_plugin import Answer, Ask, GitHost, Unreadable

MOST_PAGES = 5_000
PAGE = 100

Entry = Mapping[str, Any]
_NEXT = re.compile(r'<([^>]+)>\s*;[^,]*\brel="?next"?')


class Pages:
    """The API of a host on behalf of an owner; empty for nobody in particular. Raises Unreadable."""

    def __init__(self, ask: Ask, host: GitHost, owner: str = "") -> None:
        self.host = host
        self._ask = ask
        self._owner = owner

    def one(self, path: str) -> Entry:
        """Return a single object."""
        return _object(self._get(self.host.api + path).json())

    def linked(self, path: str) -> Iterator[Entry]:
        """Give the objects of a list that goes on where the header `Link` says."""
        url = self.host.api + path
        for _ in range(MOST_PAGES):
            answer = self._get(url)
            yield from _objects(answer.json())
            following = _NEXT.search(answer.headers.get("link", ""))
            if following is None:
                return
            url = self._ours(following[1])
        raise self._endless(path)

    def counted(self, path: str) -> Iterator[Entry]:
        """Give the objects of a list that goes on at `nextPageStart`, until `isLastPage`."""
        start = 0
        for _ in range(MOST_PAGES):
            page = _object(self._get(_with_query(self.host.api + path, start=start, limit=PAGE)).json())
            yield from _objects(page.get("values"))
            if page.get("isLastPage") is not False:
                return
            start = int(page["nextPageStart"])
        raise self._endless(path)

    def graphql(self, url: str, query: str, **variables: Any) -> Entry:
        """Return the data of a GraphQL query."""
        headers = {**self._headers(), "content-type": "application/json"}
        body = json.dumps({"query": query, "variables": variables}).encode()
        found = _object(self._ask(url, method="POST", headers=headers, body=body).json())
        if found.get("errors"):
            error = _objects(found["errors"])[0]
            raise Unreadable(
                f"{urlsplit(url).netloc} answers: {error.get('message')}",
                later=error.get("type") == "RATE_LIMITED",
            )
        return _object(found.get("data"))

    def _get(self, url: str) -> Answer:
        return self._ask(url, headers=self._headers())

    def _headers(self) -> Mapping[str, str]:
        return {"accept": "application/json", **self.host.headers(self._owner)}

    def _ours(self, url: str) -> str:
        """Return the address of the next page, but never one of another host: the token goes along."""
        if not url.startswith(self.host.api + "/"):
            raise Unreadable(f"{self.host.url} says that its list goes on at {url[:200]}; see apiBaseUrl")
        return url

    def _endless(self, path: str) -> Unreadable:
        return Unreadable(f"{self.host.url} has more than {MOST_PAGES} pages of {path.partition('?')[0]}")


def _object(found: Any) -> Entry:
    if not isinstance(found, Mapping):
        raise Unreadable("the host does not answer with an object")
    return found


def _objects(found: Any) -> list[Entry]:
    if not isinstance(found, list):
        raise Unreadable("the host does not answer with a list")
    return [_object(each) for each in found]


def _with_query(url: str, **more: object) -> str:
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query)) | {name: str(value) for name, value in more.items()}
    return parts._replace(query=urlencode(query)).geturl()
