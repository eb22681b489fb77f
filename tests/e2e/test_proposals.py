"""A repository that declares nothing is proposed, looked through, offered its file, and catalogued by the merge."""

import re

import httpx2
import pytest
from playwright.async_api import Locator, Page, expect
from sipario_testkit.harness import Harness
from sipario_testkit.waiting import until

SOON = 15_000
FILES = {"main.py": "print('open')\n", "CODEOWNERS": "* @palco/ushers\n"}
LIST = "/api/catalog/proposals"


async def proposed(harness: Harness, name: str) -> list[str]:
    """The pull requests of what is proposed for a repository; one empty text before there is one."""
    found = (await harness.get(LIST)).json()["items"]
    return [each["pullRequest"] for each in found if each["repository"] == harness.forge.repository(name)]


async def merge(harness: Harness, pull: str) -> None:
    """Do on the dev forge what somebody of the repository does who agrees."""
    repository, _, number = pull.removeprefix(harness.forge.url).rpartition("/pull/")
    async with httpx2.AsyncClient(headers={"authorization": f"token {harness.forge.token}"}) as client:
        merged = await client.put(f"{harness.forge.url}/repos{repository}/pulls/{number}/merge")
        assert merged.status_code == 200, merged.text


async def test_an_accepted_proposal_is_an_entity_once_it_is_merged(harness: Harness) -> None:
    name = "undeclared-box"
    await harness.publish(name, FILES)
    await until(lambda: _is(harness, name, [""]))
    wish = {"repository": harness.forge.repository(name)}
    first = await harness.client.post(f"{LIST}/accept", json=wish)
    assert (first.status_code, first.json()["new"]) == (201, True), first.text
    again = await harness.client.post(f"{LIST}/accept", json=wish)
    assert (again.status_code, again.json()) == (200, {**first.json(), "new": False})
    assert await proposed(harness, name) == [first.json()["pullRequest"]]
    await merge(harness, first.json()["pullRequest"])
    await until(lambda: _owned(harness, f"component:default/{name}", "group:default/ushers"))
    assert await proposed(harness, name) == []


async def _owned(harness: Harness, ref: str, owner: str) -> bool:
    entity = await harness.entity(ref)
    return entity is not None and entity["spec"]["owner"] == owner


async def _is(harness: Harness, name: str, pulls: list[str]) -> bool:
    return await proposed(harness, name) == pulls


async def shown(harness: Harness, page: Page, name: str, files: dict[str, str]) -> Locator:
    """Push a repository without entities; returns its place in the review queue."""
    await harness.publish(name, files)
    await until(lambda: _is(harness, name, [""]))
    await page.goto(f"{harness.gateway}/proposals")
    return page.get_by_role("listitem").filter(has_text=name)


@pytest.mark.browser
async def test_a_person_writes_it_better_and_opens_the_pull_request(harness: Harness, page: Page) -> None:
    name = "unowned-box"
    entry = await shown(harness, page, name, {"main.go": "package main\n"})
    await expect(entry).to_contain_text("1 of 1 source files", timeout=SOON)
    await entry.get_by_role("button", name="Review").click()
    await entry.get_by_role("button", name="Open a pull request").click()
    await expect(entry.get_by_role("alert")).to_contain_text("owner", timeout=SOON)
    text = entry.get_by_role("textbox")
    await text.fill(f"{await text.input_value()}  owner: desk\n")
    await entry.get_by_role("button", name="Open a pull request").click()
    link = entry.get_by_role("link", name="The pull request")
    await expect(link).to_have_attribute("href", re.compile(rf"/{name}/pull/\d+$"), timeout=SOON)


@pytest.mark.browser
async def test_what_is_dismissed_is_kept_aside(harness: Harness, page: Page) -> None:
    name = "unwanted-box"
    entry = await shown(harness, page, name, {"main.rs": "fn main() {}\n"})
    await entry.get_by_role("button", name="Review").click(timeout=SOON)
    await entry.get_by_role("button", name="Dismiss").click()
    await expect(entry).to_have_count(0, timeout=SOON)
    assert await proposed(harness, name) == []
    await page.get_by_text("Dismissed", exact=True).click()
    await expect(entry).to_be_visible(timeout=SOON)
