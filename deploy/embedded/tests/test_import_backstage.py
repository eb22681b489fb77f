"""Taking over a catalog: both ends are HTTP, so both are answered here, in Backstage's shapes."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2
import pytest
from sipario.asking import Portal
from sipario.data import DataError
from sipario.import_backstage import import_backstage
from sipario_model.documents import documents

ORIGIN = "backstage.io/managed-by-origin-location"


def entity(kind: str, name: str, origin: str, **spec: Any) -> dict[str, Any]:
    return {
        "apiVersion": "backstage.io/v1alpha1",
        "kind": kind,
        "metadata": {
            "name": name,
            "uid": "1",
            "etag": "2",
            "annotations": {ORIGIN: origin, "backstage.io/view-url": "https://x", "example.org/cost": "1e3"},
        },
        "spec": spec,
        "relations": [{"type": "ownedBy", "targetRef": "group:default/a"}],
    }


CATALOG = [
    entity("Component", "shop", "url:https://git.example.org/shop/catalog-info.yaml", type="service"),
    entity("User", "ada", "ldap-org-provider:default", memberOf=[]),
    entity("Group", "team-a", "ldap-org-provider:default", type="team", children=[]),
    entity("Location", "generated-abc", "bootstrap:bootstrap", type="url"),
]


def backstage(request: httpx2.Request) -> httpx2.Response:
    if request.headers["authorization"] != "Bearer theirs":
        return httpx2.Response(401, json={"error": {"message": "Illegal token"}})
    if request.url.path == "/api/catalog/locations":
        registered = {"id": "1", "type": "url", "target": "https://git.example.org/more/catalog-info.yaml"}
        return httpx2.Response(200, json=[{"data": registered}])
    first = "cursor" not in request.url.params
    items = CATALOG[:2] if first else CATALOG[2:]
    page = {"items": items, "totalItems": 4, "pageInfo": {"nextCursor": "next"} if first else {}}
    return httpx2.Response(200, json=page)


class Backstage:
    """A catalog of other entities, on one page."""

    def __init__(self, *items: dict[str, Any]) -> None:
        self.items = list(items)

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        if request.url.path == "/api/catalog/locations":
            return httpx2.Response(200, json=[])
        return httpx2.Response(200, json={"items": self.items, "pageInfo": {}})


class Sipario:
    """The catalog that takes over: it knows one location already, and may not read another."""

    def __init__(self, refused: str = "") -> None:
        self.registered: list[str] = []
        self.known = "https://git.example.org/more/catalog-info.yaml"
        self.refused = refused

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        target = json.loads(request.content)["target"]
        if target == self.known:
            return httpx2.Response(409, json={"error": {"message": "already exists"}})
        if target == self.refused:
            return httpx2.Response(400, json={"error": {"message": "name its host in integrations"}})
        self.registered.append(target)
        return httpx2.Response(201, json={"location": {"id": "1"}})


def ends(
    sipario: Sipario, token: str = "theirs", answer: Callable[[httpx2.Request], httpx2.Response] = backstage
) -> tuple[Portal, Portal]:
    there = Portal("http://backstage", token, httpx2.MockTransport(answer))
    return there, Portal("http://sipario", "ours", httpx2.MockTransport(sipario))


def test_what_comes_from_urls_is_registered_and_the_rest_written(tmp_path: Path) -> None:
    sipario = Sipario()
    there, here = ends(sipario)
    with there, here:
        imported = import_backstage(there, here, tmp_path / "out")
    assert sipario.registered == ["https://git.example.org/shop/catalog-info.yaml"]
    assert imported.known == ["https://git.example.org/more/catalog-info.yaml"]
    (user,) = documents((tmp_path / "out" / "user.yaml").read_text(), "user.yaml")
    assert user.value == {
        "apiVersion": "backstage.io/v1alpha1",
        "kind": "User",
        "metadata": {"name": "ada", "annotations": {"example.org/cost": "1e3"}},
        "spec": {"memberOf": []},
    }
    (root,) = documents((tmp_path / "out" / "catalog-info.yaml").read_text(), "catalog-info.yaml")
    assert root.value["spec"]["targets"] == ["./group.yaml", "./user.yaml"]
    assert "push that folder to a repository" in imported.told()


@pytest.mark.parametrize(
    ("kind", "page"),
    [
        ("Group", "https://git.example.org/octo"),
        ("User", "https://git.example.org/ada.lovelace"),
        ("Group", "https://git.example.org/orgs/octo/teams/stage"),
        ("Group", "https://git.example.org/groups/octo/stage/lights"),
        ("User", "https://[git.example.org/ada"),
    ],
)
def test_people_that_a_provider_found_at_a_page_of_their_host_are_written(
    tmp_path: Path, kind: str, page: str
) -> None:
    sipario = Sipario()
    there, here = ends(sipario, answer=Backstage(entity(kind, "a", f"url:{page}")))
    with there, here:
        imported = import_backstage(there, here, tmp_path / "out")
    assert (sipario.registered, imported.refused, imported.written) == ([], {}, 1)
    assert (tmp_path / "out" / f"{kind.lower()}.yaml").exists()


@pytest.mark.parametrize(
    "file",
    [
        "https://git.example.org/octo/people/blob/main/people",
        "https://git.example.org/octo/people/-/blob/main/people",
        "https://git.example.org/octo/people/src/branch/main/people",
        "https://git.example.org/projects/OCTO/repos/people/browse/people?at=main",
        "https://git.example.org/octo/stage/_git/people?path=/people&version=GBmain",
        "https://files.example.org/people.yaml",
    ],
)
def test_people_that_a_file_declares_are_read_from_it(tmp_path: Path, file: str) -> None:
    sipario = Sipario()
    there, here = ends(sipario, answer=Backstage(entity("User", "ada", f"url:{file}")))
    with there, here:
        imported = import_backstage(there, here, tmp_path / "out")
    assert (sipario.registered, imported.written) == ([file], 0)


def test_people_are_not_written_when_others_are_read_from_where_they_are(tmp_path: Path) -> None:
    sipario, where = Sipario(), "url:https://files.example.org/everything"
    answer = Backstage(entity("User", "ada", where), entity("System", "stage", where))
    there, here = ends(sipario, answer=answer)
    with there, here:
        imported = import_backstage(there, here, tmp_path / "out")
    assert (sipario.registered, imported.written) == (["https://files.example.org/everything"], 0)


def test_what_is_refused_is_named_and_the_others_come_in(tmp_path: Path) -> None:
    there, here = ends(Sipario(refused="https://git.example.org/shop/catalog-info.yaml"))
    with there, here:
        imported = import_backstage(there, here, tmp_path / "out")
    assert "shop/catalog-info.yaml: name its host in integrations" in imported.told()
    assert imported.written == 2


def test_a_folder_that_is_there_is_not_touched(tmp_path: Path) -> None:
    there, here = ends(Sipario())
    with there, here, pytest.raises(DataError, match="name another folder"):
        import_backstage(there, here, tmp_path)


def test_a_wrong_token_is_told_in_its_own_words(tmp_path: Path) -> None:
    there, here = ends(Sipario(), token="wrong")
    with there, here, pytest.raises(DataError, match="Illegal token"):
        import_backstage(there, here, tmp_path / "out")
