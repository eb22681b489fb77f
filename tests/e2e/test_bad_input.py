"""A bad file never stops the loop: it becomes a message where a person looks, with the last good version served."""

from pathlib import Path

import httpx2
import pytest
from sipario_testkit.files import component, location
from sipario_testkit.harness import Harness
from sipario_testkit.waiting import until

BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join(['*' + chr(97 + n)] * 9)}]\n" for n in range(20)
)
BAD = {
    "broken": ("kind: [Component", ":2"),
    "unknown-kind": (component("x").replace("kind: Component", "kind: Spaceship"), ":2: "),
    "wrong-field": (component("x").replace("type: service", "type: 7"), "spec.type"),
    "duplicate-key": (component("x").replace("lifecycle:", "type:"), ":10"),
    "large": ("# apiVersion\n" + "x" * 10_000_001, "MB"),
    "bomb": ("apiVersion: backstage.io/v1alpha1\n" + BOMB, "alias"),
    "list": ("- a\n- b\n", "object"),
}


def told(source: dict[str, object]) -> list[str]:
    problems = source["problems"]
    assert isinstance(problems, list)
    return [
        f"{each.get('path', '')}:{each.get('line', '')}: {each.get('field', '')} {each['message']}"
        for each in problems
    ]


async def test_every_bad_file_is_told_with_its_name_and_line_and_harms_no_other(harness: Harness) -> None:
    targets = location("bad-all", ["./good.yaml", *(f"./{name}.yaml" for name in BAD), "./link.yaml"])
    files = {f"{name}.yaml": text for name, (text, _) in BAD.items()}
    links = {"link.yaml": Path("/etc/hostname")}
    await harness.publish(
        "bad-box", {"catalog-info.yaml": targets, "good.yaml": component("bad-good"), **files, **links}
    )
    source = await harness.source("bad-box")
    assert source["state"] == "failed"
    assert await harness.entity("component:default/bad-good")
    assert await harness.entity("component:default/x") is None
    for name, (_, expected) in {**BAD, "link": ("", "symbolic link")}.items():
        mine = [line for line in told(source) if line.startswith(f"{name}.yaml:")]
        assert any(expected in line for line in mine), (name, expected, told(source))


async def test_a_broken_document_keeps_the_last_good_version_until_it_heals(harness: Harness) -> None:
    good = component("heal-a", description="Good old words") + "---\n" + component("heal-b")
    await harness.publish("heal-box", {"catalog-info.yaml": good})
    await harness.publish("heal-box", {"catalog-info.yaml": good.replace("type: service", "type: [", 1)})
    kept = await harness.entity("component:default/heal-a")
    assert kept is not None
    assert kept["metadata"]["description"] == "Good old words"
    messages = [item["message"] for item in kept["status"]["items"]]
    assert any("catalog-info.yaml:" in message for message in messages), messages
    assert await harness.hits("heal-a") >= {"component:default/heal-a"}
    await harness.publish("heal-box", {"catalog-info.yaml": good.replace("Good old", "Fresh new")})
    healed = await harness.entity("component:default/heal-a")
    assert healed is not None
    assert healed["metadata"]["description"] == "Fresh new words"
    assert not (healed.get("status") or {}).get("items")
    assert (await harness.source("heal-box"))["state"] == "ok"


async def test_a_bad_entity_beside_good_ones_is_told_on_itself(harness: Harness) -> None:
    good = component("beside-a") + "---\n" + component("beside-b")
    await harness.publish("beside-box", {"catalog-info.yaml": good})
    wrong = (
        component("beside-a", description="Changed")
        + "---\n"
        + component("beside-b").replace("owner", "ownr")
    )
    await harness.publish("beside-box", {"catalog-info.yaml": wrong})
    changed, kept = (
        await harness.entity("component:default/beside-a"),
        await harness.entity("component:default/beside-b"),
    )
    assert changed is not None
    assert kept is not None
    assert changed["metadata"]["description"] == "Changed"
    assert "status" not in changed
    assert any("owner" in item["message"] for item in kept["status"]["items"])


async def test_an_empty_repository_is_told_and_read_once_it_has_a_commit(harness: Harness) -> None:
    async with httpx2.AsyncClient(headers={"authorization": f"token {harness.forge.token}"}) as client:
        await client.post(f"{harness.forge.url}/user/repos", json={"name": "void-box"})
    target = f"{harness.forge.repository('void-box')}/blob/main/catalog-info.yaml"
    body = {"type": "url", "target": target}
    assert (await harness.client.post("/api/catalog/locations", json=body)).status_code == 201

    async def refused() -> bool:
        found = (await harness.get("/api/catalog/sources")).json()
        mine = [each for each in found if each["id"] == f"url:{target}"]
        return bool(mine) and any("empty" in problem["message"] for problem in mine[0]["problems"])

    await until(refused)
    await harness.publish("void-box", {"catalog-info.yaml": component("void-entity")})
    assert await harness.entity("component:default/void-entity")


async def test_a_branch_that_vanished_prunes_nothing_and_is_told(harness: Harness) -> None:
    await harness.publish("branch-box", {"README.md": "The entity is on a branch.\n"})
    await harness.put_repo("branch-box", {"entity.yaml": component("branch-entity")}, branch="side")
    target = f"{harness.forge.repository('branch-box')}/blob/side/entity.yaml"
    await harness.client.post("/api/catalog/locations", json={"type": "url", "target": target})
    await until(lambda: there(harness, "component:default/branch-entity"))
    async with httpx2.AsyncClient(headers={"authorization": f"token {harness.forge.token}"}) as client:
        gone = await client.delete(
            f"{harness.forge.url}/repos/{harness.forge.user}/branch-box/git/refs/heads/side"
        )
        assert gone.status_code == 204, gone.text
    await harness.client.post("/api/catalog/refresh", json={"entityRef": "component:default/branch-entity"})

    async def is_told() -> bool:
        found = (await harness.get("/api/catalog/sources")).json()
        mine = next(each for each in found if each["id"] == f"url:{target}")
        return any("side" in problem["message"] for problem in mine["problems"])

    await until(is_told)
    await harness.settle()
    assert await harness.entity("component:default/branch-entity")


async def there(harness: Harness, ref: str) -> bool:
    return await harness.entity(ref) is not None


@pytest.mark.parametrize("name", ["../x", "a b", "x" * 300, "%00", "a/b/c", "<script>"])
async def test_nonsense_in_an_address_is_answered_as_such(harness: Harness, name: str) -> None:
    for path in (
        f"/api/catalog/entities/by-name/component/default/{name}",
        f"/api/graph/impact/component/default/{name}",
        f"/api/techdocs/pages/default/component/{name}/",
    ):
        answer = await harness.get(path)
        assert 400 <= answer.status_code < 500, (path, answer.status_code, answer.text)
        assert "Traceback" not in answer.text
