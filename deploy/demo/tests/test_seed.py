"""Seeding a real forge over its REST and smart HTTP."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sipario_demo import SeedError, seed
from sipario_demo.commits import committed
from sipario_demo.organisation import names, repositories
from sipario_forge.testing import TOKEN, USER, Git, ServedForge, served

SECONDS = 20
"""Patience with a busy machine: it takes 1.3 s on two idle cores."""


@pytest.fixture
def forge(tmp_path: Path) -> Iterator[ServedForge]:
    with served(tmp_path / "forge") as forge:
        yield forge


def _heads(forge: ServedForge) -> dict[str, str]:
    return {
        name: forge.rest.get(f"/repos/{USER}/{name}/commits").raise_for_status().json()[0]["sha"]
        for name in names()
    }


async def test_every_repository_is_there_with_its_description_and_history(forge: ServedForge) -> None:
    begun = time.monotonic()
    await seed(forge.url, USER, TOKEN)
    assert time.monotonic() - begun < SECONDS
    assert _heads(forge) == {each.name: committed(each.versions)[0].decode() for each in repositories()}
    found = forge.rest.get("/user/repos", params={"per_page": 100}).json()
    assert {each["name"]: each["description"] for each in found} == {
        each.name: each.description for each in repositories()
    }
    assert {each["default_branch"] for each in found} == {"main"}


async def test_a_clone_has_the_files_of_the_folder(forge: ServedForge, tmp_path: Path) -> None:
    await seed(forge.url, USER, TOKEN)
    git = Git(tmp_path)
    git("clone", "--quiet", forge.remote(f"{USER}/checkout"), "clone")
    repository = next(each for each in repositories() if each.name == "checkout")
    for path, text in repository.versions[-1].files.items():
        assert (tmp_path / "clone" / path).read_text(encoding="utf-8") == text
    assert Git(tmp_path / "clone").says("fsck", "--strict") == ""


async def test_seeding_again_leaves_the_work_of_others_alone(forge: ServedForge, tmp_path: Path) -> None:
    await seed(forge.url, USER, TOKEN)
    Git(tmp_path)("clone", "--quiet", forge.remote(f"{USER}/pricing"), "clone")
    git = Git(tmp_path / "clone")
    mine = git.commit({"README.md": "mine"})
    git("push", "--quiet")
    before = _heads(forge)
    await seed(forge.url, USER, TOKEN)
    assert _heads(forge) == before
    assert before["pricing"] == mine


async def test_a_repository_that_was_made_but_not_pushed_is_pushed(forge: ServedForge) -> None:
    forge.rest.post("/user/repos", json={"name": "payments"}).raise_for_status()
    await seed(forge.url, USER, TOKEN)
    assert len(_heads(forge)) == len(names())


async def test_a_wrong_token_is_told_as_the_host_tells_it(forge: ServedForge) -> None:
    with pytest.raises(SeedError, match="could not be made: 401"):
        await seed(forge.url, USER, "wrong")
