"""Azure DevOps and Gerrit from the list to the entities: addresses, pages, and what leads on within a repository."""

from typing import Any

import httpx2
import pytest

FILES = {
    "catalog-info.yaml": "apiVersion: backstage.io/v1alpha1\nkind: Location\nmetadata: {name: all}\n"
    "spec: {targets: [./sub/api.yaml]}\n",
    "sub/api.yaml": "apiVersion: backstage.io/v1alpha1\nkind: API\nmetadata: {name: tickets}\n"
    "spec: {type: openapi, lifecycle: production, owner: team-a, definition: {$text: ./spec.txt}}\n",
    "sub/spec.txt": "openapi",
}


def azure(url: str) -> tuple[dict[str, Any], dict[str, Any], Any]:
    integration = {"host": "tfs.example.org", "baseUrl": url, "apiBaseUrl": "https://tfs.example.org"}
    home = f"{url}/palco/box/_git/shop"
    told = {"name": "shop", "project": {"name": "box"}, "webUrl": home, "defaultBranch": "refs/heads/main"}
    provider = {"host": "tfs.example.org", "organization": "palco", "project": "box"}
    return (
        {"azure": [integration]},
        {"azureDevOps": {"acme": provider}},
        {"json": {"count": 1, "value": [told]}},
    )


def gerrit(url: str) -> tuple[dict[str, Any], dict[str, Any], Any]:
    integration = {
        "host": "gerrit.example.org",
        "baseUrl": "https://gerrit.example.org",
        "gitilesBaseUrl": url,
        "cloneUrl": url,
    }
    provider = {"host": "gerrit.example.org", "query": "state=ACTIVE"}
    answer = {"text": ')]}\'\n{"palco/shop": {"id": "palco%2Fshop", "state": "ACTIVE"}}'}
    return {"gerrit": [integration]}, {"gerrit": {"acme": provider}}, answer


@pytest.mark.parametrize(
    ("made", "repository", "page", "edit"),
    [
        (
            azure,
            "palco/box/_git/shop",
            "{url}/palco/box/_git/shop?path=/sub/api.yaml&version=GBmain",
            "{url}/palco/box/_git/shop?path=/sub/api.yaml&version=GBmain",
        ),
        (
            gerrit,
            "palco/shop",
            "{url}/palco/shop/+/refs/heads/main/sub/api.yaml",
            "https://gerrit.example.org/admin/repos/edit/repo/palco/shop/branch/refs/heads/main/file/sub/api.yaml",
        ),
    ],
)
async def test_a_repository_is_listed_read_and_shown(
    host: Any, open_elsewhere: Any, made: Any, repository: str, page: str, edit: str
) -> None:
    integrations, providers, answer = made(host.url)
    (host.folder / repository).parent.mkdir(parents=True)
    host.push(repository, FILES)
    configuration = {"catalog": {"providers": providers}, "integrations": integrations}
    async with open_elsewhere(configuration, lambda _: httpx2.Response(200, **answer)) as desk:
        await desk.look()
        entities = await desk.entities()
    assert sorted(entities) == ["api:default/tickets", "location:default/all"]
    entity = entities["api:default/tickets"].entity
    annotations = entity["metadata"]["annotations"]
    assert annotations["backstage.io/managed-by-location"] == f"url:{page.format(url=host.url)}"
    assert annotations["backstage.io/view-url"] == page.format(url=host.url)
    assert annotations["backstage.io/edit-url"] == edit.format(url=host.url)
    assert entity["spec"]["definition"] == "openapi"
