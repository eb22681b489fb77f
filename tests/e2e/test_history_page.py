"""What somebody sees of the past: who changed what, and which version brought a field; and what is read now."""

import re

import pytest
from playwright.async_api import Page, expect
from sipario_testkit.files import component
from sipario_testkit.harness import Harness

SOON = 15_000
AUTHORS = ("Ada", "Grace")

pytestmark = pytest.mark.browser


async def push(harness: Harness, name: str, number: int) -> None:
    """Publish a version of a component, by one author after the other."""
    text = component(name, description=f"Take {number}", owner="ushers" if number < 3 else "desk")
    author = f"{AUTHORS[number % 2]} <someone@palco.example>"
    await harness.publish(name, {"catalog-info.yaml": text}, author=author)


async def test_versions_tell_who_changed_what_and_new_ones_come_by_themselves(
    harness: Harness, page: Page
) -> None:
    for number in range(2):
        await push(harness, "told-box", number)
    await page.goto(f"{harness.gateway}/catalog/default/component/told-box/history")
    versions = page.get_by_role("list", name="Versions").get_by_role("listitem")
    await expect(versions).to_have_text(
        [re.compile("Changed.*Grace"), re.compile("Created.*Ada")], timeout=SOON
    )
    link = versions.first.get_by_role("link", name=re.compile("^[0-9a-f]{8}$"))
    await expect(link).to_have_attribute("href", re.compile("/told-box/commit/[0-9a-f]{40}$"))
    await versions.first.locator("summary").click()
    await expect(versions.first.locator("del")).to_have_text("Take 0")
    await expect(versions.first.locator("ins")).to_have_text("Take 1")
    await push(harness, "told-box", 3)
    await expect(versions).to_have_count(3, timeout=SOON)


async def test_older_versions_are_shown_on_demand(harness: Harness, page: Page) -> None:
    for number in range(22):
        await push(harness, "older-box", number)
    await page.goto(f"{harness.gateway}/catalog/default/component/older-box/history")
    versions = page.get_by_role("list", name="Versions").get_by_role("listitem")
    await expect(versions).to_have_count(20, timeout=SOON)
    older = page.get_by_role("button", name="Show older versions")
    await older.click()
    await expect(versions).to_have_count(22, timeout=SOON)
    await expect(versions.last).to_contain_text("Created")
    await expect(older).to_have_count(0)


async def test_each_field_tells_which_version_brought_it(harness: Harness, page: Page) -> None:
    for number in range(2):
        await push(harness, "blame-box", number)
    await page.goto(f"{harness.gateway}/catalog/default/component/blame-box/inspect")
    second = page.get_by_title(re.compile("^Version 2 · Grace"))
    await expect(second).to_have_text("v2", timeout=SOON)
    await expect(page.get_by_title(re.compile("^Version 1 · Ada")).first).to_be_visible()


async def test_a_source_tells_by_itself_that_it_was_read_even_when_no_entity_changed(
    harness: Harness, page: Page
) -> None:
    await push(harness, "reread-box", 1)
    await page.goto(f"{harness.gateway}/sources")
    entry = page.get_by_role("listitem").filter(has_text="/reread-box")
    await expect(entry).to_be_visible(timeout=SOON)
    commit = await harness.put_repo("reread-box", {"README.md": "Nothing for the catalog\n"})
    await expect(entry).to_contain_text(commit[:10], timeout=SOON)


async def test_a_page_is_shown_as_of_a_version_and_leads_back(harness: Harness, page: Page) -> None:
    for number in range(2):
        await push(harness, "then-box", number)
    await page.goto(f"{harness.gateway}/catalog/default/component/then-box/history")
    versions = page.get_by_role("list", name="Versions").get_by_role("listitem")
    await versions.last.get_by_role("link", name="See it then").click()
    await expect(page.get_by_text("Take 0")).to_be_visible(timeout=SOON)
    banner = page.get_by_role("status").filter(has_text="As it was on")
    await page.get_by_role("link", name="Inspect").click()
    await expect(page.get_by_label("Entity", exact=True)).to_contain_text("description: Take 0")
    await banner.get_by_role("link", name="Back to now").click()
    await expect(page.get_by_label("Entity", exact=True)).to_contain_text("description: Take 1", timeout=SOON)
    await expect(banner).to_have_count(0)


async def test_the_page_of_a_removed_entity_says_who_removed_it(harness: Harness, page: Page) -> None:
    await push(harness, "gone-box", 0)
    await harness.publish(
        "gone-box", {"catalog-info.yaml": component("other-box")}, author="Grace <g@palco.example>"
    )
    await page.goto(f"{harness.gateway}/catalog/default/component/gone-box")
    await expect(page.get_by_role("heading", name="Removed from the catalog")).to_be_visible(timeout=SOON)
    await expect(page.get_by_text("by Grace")).to_be_visible()
    await page.get_by_role("link", name="See its history").click()
    versions = page.get_by_role("list", name="Versions").get_by_role("listitem")
    await expect(versions).to_have_text(
        [re.compile("Removed.*Grace"), re.compile("Created.*Ada")], timeout=SOON
    )
