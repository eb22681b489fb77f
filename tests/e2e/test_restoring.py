"""What was removed is brought back: on its page, and from the command line."""

import asyncio
import re
import subprocess
import sys

import pytest
from playwright.async_api import Page, expect
from sipario_testkit.files import component
from sipario_testkit.harness import Harness

SOON = 15_000

pytestmark = pytest.mark.browser


async def remove(harness: Harness, name: str) -> None:
    """Declare a component in a file of its own, and take the file away."""
    beside = {"catalog-info.yaml": component(f"{name}-beside")}
    await harness.publish(name, {**beside, "catalog-info.yaml": component(name)})
    await harness.publish(name, beside)
    assert await harness.entity(f"component:default/{name}") is None


async def test_somebody_restores_what_was_removed_and_deletes_it_again(harness: Harness, page: Page) -> None:
    await remove(harness, "phoenix-box")
    await page.goto(f"{harness.gateway}/catalog/default/component/phoenix-box")
    await page.get_by_role("button", name="Restore it").click()
    banner = page.get_by_role("status").filter(has_text="Nothing declares this entity any more")
    await expect(banner).to_be_visible(timeout=SOON)
    await page.goto(f"{harness.gateway}/catalog?filters[user]=all")
    await page.get_by_role("button", name=re.compile(r"Orphans \(\d+\)")).click(timeout=SOON)
    await expect(page.get_by_role("link", name="phoenix-box-beside")).to_have_count(0, timeout=SOON)
    await page.get_by_role("link", name="phoenix-box", exact=True).click(timeout=SOON)
    await banner.get_by_role("button", name="Delete").click()
    await expect(page.get_by_text(re.compile("Removed from the catalog"))).to_be_visible(timeout=SOON)


async def test_the_command_line_restores_too_and_whoever_declares_it_has_it(
    harness: Harness, page: Page
) -> None:
    del page
    await remove(harness, "lazarus-box")
    command = [sys.executable, "-m", "sipario", "catalog", "restore", "lazarus-box"]
    asked = [*command, "--url", harness.gateway, "--token", harness.token]
    told = await asyncio.to_thread(
        subprocess.run, asked, capture_output=True, text=True, timeout=60, check=True
    )
    assert "name: lazarus-box" in told.stdout
    await harness.settle()
    restored = await harness.entity("component:default/lazarus-box")
    assert restored is not None
    assert restored["metadata"]["annotations"]["backstage.io/orphan"] == "true"
    await harness.publish("lazarus-box", {"catalog-info.yaml": component("lazarus-box", description="Anew")})
    await harness.settle()
    declared = await harness.entity("component:default/lazarus-box")
    assert declared is not None
    assert declared["metadata"]["description"] == "Anew"
    assert "backstage.io/orphan" not in declared["metadata"]["annotations"]
