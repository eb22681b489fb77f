"""Discovered repositories without entity files are proposed, with what their files and commits tell."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from sipario_ingestor.app import MIGRATIONS
from sipario_ingestor.guesses import Guess, language
from sipario_ingestor.reconciler import Reconciler
from sipario_ledger import Ledger
from sipario_scm import Lists

USERS = (
    "apiVersion: backstage.io/v1alpha1\nkind: User\nmetadata: {name: ada}\n"
    "spec: {profile: {email: Ada@example.org}, memberOf: [team-a, team-b]}\n"
)
API = "https://gitlab.example.org/api/v4"


@pytest.fixture
async def discovering(host: Any, desk: Any, tmp_path: Path) -> AsyncIterator[Any]:
    (host.folder / "palco").mkdir()
    configuration = {
        "catalog": {
            "providers": {"gitlab": {"host": "gitlab.example.org", "group": "palco"}},
            "rules": [{"allow": ["Component", "User"]}],
        },
        "integrations": {"gitlab": [{"host": "gitlab.example.org", "baseUrl": host.url, "apiBaseUrl": API}]},
    }

    def answer(request: httpx2.Request) -> httpx2.Response:
        del request
        told = [
            {
                "path": each.stem,
                "path_with_namespace": f"palco/{each.stem}",
                "web_url": f"{host.url}/palco/{each.stem}",
            }
            for each in sorted((host.folder / "palco").iterdir())
        ]
        return httpx2.Response(200, json=told)

    async with Ledger.open(f"sqlite:///{tmp_path}/p.db", name="ingestor", migrations=MIGRATIONS) as ledger:
        made = type(desk)(ledger, tmp_path / "p", configuration)
        made.reconciler = Reconciler(
            ledger,
            made.store,
            made.workers,
            mirrors=made.mirrors,
            configuration=made.configuration,
            seconds=900,
            lists=Lists(transport=httpx2.MockTransport(answer)),
        )
        yield made
        made.mirrors.close()


@pytest.fixture
async def client(discovering: Any) -> AsyncIterator[httpx2.AsyncClient]:
    desk = discovering
    app = desk.app()
    async with httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app=app), base_url="http://ingestor"
    ) as opened:
        yield opened


async def proposed(client: httpx2.AsyncClient, **query: Any) -> dict[str, Any]:
    answer = await client.get("/api/catalog/proposals", params=query)
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


async def test_a_repository_without_entities_is_proposed_with_its_evidence(
    host: Any, discovering: Any, client: httpx2.AsyncClient
) -> None:
    rules = "# who\n/docs @palco/writers\n* @palco/Team-A @ada\n"
    commit = host.push("palco/shop.git", {"a.py": "", "b.py": "", "c.js": "", ".github/CODEOWNERS": rules})
    host.push("palco/people.git", {"catalog-info.yaml": USERS})
    await discovering.look()
    (found,) = (await proposed(client))["items"]
    assert found == {
        "repository": f"{host.url}/palco/shop",
        "target": f"{host.url}/palco/shop/-/blob/main/catalog-info.yaml",
        "commit": commit,
        "name": "shop",
        "language": {"value": "Python", "evidence": "2 of 3 source files"},
        "owner": {
            "value": "group:default/team-a",
            "evidence": ".github/CODEOWNERS line 3: * @palco/Team-A @ada",
        },
        "entity": {
            "apiVersion": "backstage.io/v1alpha1",
            "kind": "Component",
            "metadata": {"name": "shop", "tags": ["python"]},
            "spec": {"type": "other", "lifecycle": "unknown", "owner": "group:default/team-a"},
        },
    }
    assert await discovering.trial.validate(found["entity"], f"url:{found['target']}") == []


async def test_commits_tell_the_group_of_those_who_wrote_them(
    host: Any, discovering: Any, client: httpx2.AsyncClient
) -> None:
    host.push("palco/shop.git", {"README.md": "1"})
    host.push("palco/shop.git", {"README.md": "2"})
    await discovering.look()
    (found,) = (await proposed(client))["items"]
    assert (found["owner"], found["language"]) == (None, None)
    assert found["entity"]["spec"] == {"type": "other", "lifecycle": "unknown"}
    host.push("palco/people.git", {"catalog-info.yaml": USERS})
    await discovering.look()
    (found,) = (await proposed(client))["items"]
    assert found["owner"] == {
        "value": "group:default/team-a",
        "evidence": "2 of the last 2 commits are by its members",
    }


async def test_what_declares_something_or_tries_to_is_not_proposed(
    host: Any, discovering: Any, client: httpx2.AsyncClient
) -> None:
    host.push("palco/good.git", {"catalog-info.yaml": USERS})
    host.push("palco/broken.git", {"catalog-info.yaml": "kind: [\n"})
    await discovering.look()
    assert (await proposed(client))["items"] == []


async def test_a_proposal_goes_when_its_file_comes(
    host: Any, discovering: Any, client: httpx2.AsyncClient
) -> None:
    host.push("palco/shop.git", {"a.go": ""})
    await discovering.look()
    assert len((await proposed(client))["items"]) == 1
    host.push("palco/shop.git", {"a.go": "", "catalog-info.yaml": USERS})
    await discovering.look()
    assert (await proposed(client))["items"] == []


async def test_proposals_come_by_pages(host: Any, discovering: Any, client: httpx2.AsyncClient) -> None:
    for name in ("a", "b", "c"):
        host.push(f"palco/{name}.git", {"README.md": ""})
    await discovering.look()
    first = await proposed(client, limit=2)
    assert [each["name"] for each in first["items"]] == ["a", "b"]
    second = await proposed(client, limit=2, after=first["after"])
    assert ([each["name"] for each in second["items"]], second["after"]) == (["c"], None)


@pytest.mark.parametrize("query", [{"limit": 0}, {"limit": 10_000}, {"limit": "x"}, {"after": "x" * 3000}])
async def test_nonsense_is_refused(client: httpx2.AsyncClient, query: dict[str, Any]) -> None:
    assert (await client.get("/api/catalog/proposals", params=query)).status_code == 400


def test_what_others_wrote_does_not_count() -> None:
    assert language(["node_modules/x/a.js", "vendor/b.js", "src/a.TS"]) == Guess(
        "TypeScript", "1 of 1 source files"
    )
    assert language(["Makefile", "a.unknown", "x.d/y"]) is None
