"""One portal for all tests of this ring: on the embedded engines, and with `--engines both` on the real ones too."""

import asyncio
import re
import shutil
from collections.abc import AsyncIterator, Iterator, Mapping
from pathlib import Path

import pytest
from playwright.async_api import Page, async_playwright, expect
from sipario.engines import FIELDS
from sipario.testing import RunningPortal, running_portal
from sipario_engines import EngineUnavailable, real
from sipario_testkit.harness import Harness

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
BUILT = Path(__file__).parents[2] / "services" / "gateway" / "sipario_gateway" / "static" / "index.html"
SOON = 15_000


@pytest.fixture(scope="session", params=["embedded", pytest.param("real", marks=pytest.mark.real)])
def engines(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Mapping[str, str]]:
    """Name the engines of this ring alone, as the environment does; nothing for those that a portal starts itself."""
    if request.param == "embedded":
        yield {}
        return
    with asyncio.Runner(loop_factory=asyncio.new_event_loop) as runner:
        opening = real(tmp_path_factory.mktemp("real-engines"))
        try:
            opened = runner.run(opening.__aenter__())
        except EngineUnavailable as reason:
            pytest.skip(str(reason))
        yield {variable: getattr(opened.addresses, field) for variable, field in FIELDS.items()}
        runner.run(opening.__aexit__(None, None, None))


@pytest.fixture(scope="session")
def portal(engines: Mapping[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningPortal]:
    """Run a portal, with a configuration that a test may point file locations into."""
    with running_portal(tmp_path_factory.mktemp("portal"), engines) as running:
        yield running


@pytest.fixture
async def harness(portal: RunningPortal) -> AsyncIterator[Harness]:
    """Speak to the portal as its operator, and as somebody who pushes."""
    harness = Harness.of(portal.state())
    yield harness
    await harness.close()


@pytest.fixture
def samples() -> Path:
    """Find the folder of public samples beside the checkout; skips where it is not."""
    folder = Path(__file__).parents[3] / "shared" / "samples"
    if not folder.is_dir():
        pytest.skip(f"there are no samples beside the checkout, at {folder}")
    return folder


@pytest.fixture
async def page(harness: Harness) -> AsyncIterator[Page]:
    """A page of somebody who signed in as the guest; what the page complains of fails the test.

    Skips where there is no browser, or no UI.
    """
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine (Debian: apt install chromium)")
    if not BUILT.is_file():
        pytest.skip("the web UI has not been built (SIPARIO_SKIP_UI is set)")
    complaints: list[str] = []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        page = await browser.new_page(viewport={"width": 1440, "height": 900})
        page.on("pageerror", lambda error: complaints.append(str(error)))
        await page.goto(harness.gateway)
        await page.get_by_role("button", name=re.compile("guest", re.IGNORECASE)).click()
        await expect(page.get_by_role("heading", name="Catalog")).to_be_visible(timeout=SOON)
        yield page
        await browser.close()
    assert not complaints
