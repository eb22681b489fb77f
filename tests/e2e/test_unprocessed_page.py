"""What somebody sees of an entity that fails: where to mend it, and that it was mended."""

import re

import pytest
from playwright.async_api import Page, expect
from sipario_testkit.files import component
from sipario_testkit.harness import Harness

SOON = 15_000

pytestmark = pytest.mark.browser


async def test_what_fails_is_shown_with_its_place_until_it_is_mended(harness: Harness, page: Page) -> None:
    wrong = component("lame-box").replace("  owner: group:default/ushers\n", "")
    await harness.publish("lame-box", {"catalog-info.yaml": wrong})
    await page.goto(f"{harness.gateway}/sources")
    await page.get_by_role("link", name="Unprocessed entities").click()
    entry = page.get_by_role("listitem").filter(has_text="component:default/lame-box")
    place = entry.get_by_role("link", name=re.compile(r"^catalog-info.yaml:\d+ · spec.owner$"))
    await expect(place).to_have_attribute(
        "href", re.compile(r"/lame-box/blob/main/catalog-info.yaml#L\d+$"), timeout=SOON
    )
    await entry.get_by_role("button", name="Try component:default/lame-box again").click()
    await expect(entry.get_by_role("button")).to_be_enabled(timeout=SOON)
    await expect(place).to_be_visible()
    await harness.publish("lame-box", {"catalog-info.yaml": component("lame-box")})
    await expect(place).to_have_count(0, timeout=SOON)
    await page.get_by_text("Waiting").click()
    await expect(page.get_by_text("Nothing waits")).to_be_visible(timeout=SOON)
