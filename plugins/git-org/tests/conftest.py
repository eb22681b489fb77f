"""Git hosts that answer as the public APIs do, page by page."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from sipario_git_org import register
from sipario_plugin import Answer, Extensions, GitHost, Provider, Surroundings, Unreadable

Entity = Mapping[str, Any]
_APIS = {
    "github": ("https://github.com", "https://api.github.com"),
    "gitlab": ("https://gitlab.com", "https://gitlab.com/api/v4"),
    "gitea": ("https://git.example.org", "https://git.example.org/api/v1"),
    "bitbucketServer": ("https://bb.example.org", "https://bb.example.org/rest/api/1.0"),
}


class FakeHosts:
    """Lists by their paths, told two entries a page: by the header `Link`, or as Bitbucket Server counts."""

    def __init__(self) -> None:
        self.lists: dict[str, list[dict[str, Any]]] = {}
        self.graphql: dict[tuple[str, Any], Any] = {}
        self.elsewhere = ""
        self.asked: list[tuple[str, Mapping[str, str]]] = []
        self.apps: list[str] | None = None
        self.hosts = dict(_APIS)

    def surroundings(self) -> Surroundings:
        return Surroundings(self.ask, self.host)

    def made(self, key: str, **entry: Any) -> Provider:
        portal = Extensions().drafted("git-org")
        register(portal)
        found = dict(portal.providers)[key]("main", entry, self.surroundings())
        assert found is not None
        return found

    def catalogued(self, key: str, **entry: Any) -> dict[str, Entity]:
        """Read a provider; returns entities by kind and name, each with its location."""
        entities: dict[str, Entity] = {}
        for found in self.made(key, **entry).read():
            assert found.entity is not None
            metadata = found.entity["metadata"]
            name = "/".join(filter(None, [metadata.get("namespace"), metadata["name"]]))
            entities[f"{found.entity['kind']}:{name}"] = {**found.entity, "location": found.location}
        return entities

    def refused(self, key: str, **entry: Any) -> Unreadable:
        with pytest.raises(Unreadable) as caught:
            list(self.made(key, **entry).read())
        return caught.value

    def host(self, type_: str, name: str = "") -> GitHost | None:
        url, api = self.hosts[type_]
        if urlsplit(name).netloc not in ("", urlsplit(url).netloc) or name == "unknown":
            return None
        return GitHost(type_, url, api, lambda owner: {"authorization": f"of {owner}"}, lambda: self.apps)

    def ask(
        self, url: str, *, method: str = "GET", headers: Mapping[str, str] = {}, body: bytes = b""
    ) -> Answer:
        self.asked.append((url, headers))
        if method == "POST":
            return self._graphql(url, json.loads(body))
        parts = urlsplit(url)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        found = self.lists.get(parts.path + (f"?context={query['context']}" if "context" in query else ""))
        if found is None:
            return Answer(url, 404, {}, b'{"message": "Not Found"}')
        if "/rest/api/" in parts.path:
            start = int(query["start"])
            page = {"values": found[start : start + 2], "isLastPage": start + 2 >= len(found)}
            return _answer(url, page if page["isLastPage"] else {**page, "nextPageStart": start + 2})
        number = int(query.get("page", 1))
        front = self.elsewhere or f"{parts.scheme}://{parts.netloc}"
        link = f'<{front}{parts.path}?page={number + 1}>; rel="next", <{url}>; rel="last"'
        more = {"link": link} if number * 2 < len(found) else {}
        return _answer(url, found[number * 2 - 2 : number * 2], more)

    def _graphql(self, url: str, question: Mapping[str, Any]) -> Answer:
        variables = question["variables"]
        what = next(word for word in ("team(", "teams(", "membersWithRole(") if word in question["query"])
        key = (what.rstrip("("), variables.get("after"))
        return _answer(url, self.graphql[key])


def _answer(url: str, content: Any, headers: Mapping[str, str] | None = None) -> Answer:
    return Answer(url, 200, headers or {}, json.dumps(content).encode())


@pytest.fixture
def hosts() -> FakeHosts:
    return FakeHosts()
