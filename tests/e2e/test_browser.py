"""What somebody sees who has the portal open: pages change by themselves, and nothing complains."""

import re
from pathlib import Path
from typing import Literal

import pytest
from playwright.async_api import Page, Route, expect
from sipario_testkit.files import component, site
from sipario_testkit.harness import Harness

SOON = 15_000

pytestmark = pytest.mark.browser


async def test_an_open_page_changes_by_itself_when_somebody_pushes(harness: Harness, page: Page) -> None:
    before = component("live-box", description="Before the push")
    await harness.publish("live-box", {"catalog-info.yaml": before, **site("First night")})
    await page.goto(f"{harness.gateway}/catalog/default/component/live-box")
    await expect(page.get_by_text("Before the push").first).to_be_visible(timeout=SOON)
    after = component("live-box", description="After the push")
    await harness.put_repo("live-box", {"catalog-info.yaml": after})
    await expect(page.get_by_text("After the push").first).to_be_visible(timeout=SOON)


async def test_a_row_of_the_list_comes_and_goes_by_itself(harness: Harness, page: Page) -> None:
    await page.goto(f"{harness.gateway}/catalog?owner=all")
    row = page.get_by_role("link", name="row-box")
    await harness.put_repo("row-box", {"catalog-info.yaml": component("row-box")})
    await expect(row.first).to_be_visible(timeout=SOON)
    await harness.put_repo("row-box", {"catalog-info.yaml": None, "README.md": "gone\n"})
    await expect(row).to_have_count(0, timeout=SOON)


async def test_docs_that_are_being_read_change_by_themselves(harness: Harness, page: Page) -> None:
    files = {"catalog-info.yaml": component("read-box"), **site("Prologue")}
    await harness.publish("read-box", files)
    await page.goto(f"{harness.gateway}/docs/default/component/read-box")
    await expect(page.get_by_text("Prologue").first).to_be_visible(timeout=SOON)
    await harness.put_repo("read-box", site("Epilogue"))
    await expect(page.get_by_text("Epilogue").first).to_be_visible(timeout=SOON)


async def test_the_palette_finds_with_a_typo_and_leads_there(harness: Harness, page: Page) -> None:
    await harness.publish("palette-box", {"catalog-info.yaml": component("chandelier-service")})
    await page.keyboard.press("Control+k")
    palette = page.get_by_role("dialog", name="Search")
    await expect(palette.get_by_role("combobox")).to_be_focused(timeout=SOON)
    await page.keyboard.type("chandeler")
    await expect(palette.get_by_role("option").first).to_contain_text("chandelier-service", timeout=SOON)
    await page.keyboard.press("Enter")
    await expect(page).to_have_url(re.compile("/catalog/default/component/chandelier-service"), timeout=SOON)


@pytest.mark.parametrize(
    "path", ["/catalog", "/docs", "/search", "/sources", "/catalog/default/component/nothing"]
)
async def test_every_page_opens_without_a_complaint(harness: Harness, page: Page, path: str) -> None:
    await page.goto(f"{harness.gateway}{path}")
    await expect(page.get_by_role("navigation").first).to_be_visible(timeout=SOON)
    await expect(page.get_by_text("Something went wrong")).to_have_count(0)


async def test_who_signs_out_is_out(harness: Harness, page: Page) -> None:
    await page.get_by_role("button", name=re.compile("account|user|guest", re.IGNORECASE)).last.click()
    await page.get_by_role("menuitem", name=re.compile("sign out", re.IGNORECASE)).click()
    await expect(page.get_by_role("button", name=re.compile("guest", re.IGNORECASE))).to_be_visible(
        timeout=SOON
    )
    answer = await page.request.get(f"{harness.gateway}/api/catalog/entities")
    assert answer.status == 401


LONG = "a-name-as-long-as-a-name-may-be-which-is-sixty-three-characters"
WIDTHS = [(1440, 900), (390, 844)]
PLACES = ["", "/relations", "/impact", "/history", "/inspect"]


async def test_long_words_stay_within_the_page(harness: Harness, page: Page) -> None:
    address = f"https://example.org/{'very/long/' * 30}"
    text = component(LONG, description="x" * 400).replace(
        "spec:", f"  links:\n    - url: {address}\nspec:", 1
    )
    await harness.publish("long-box", {"catalog-info.yaml": text})
    paths = [f"/catalog/default/component/{LONG}{place}" for place in PLACES]
    for width, height in WIDTHS:
        await page.set_viewport_size({"width": width, "height": height})
        for path in (*paths, f"/search?query={LONG}", "/catalog?filters[user]=all", "/sources"):
            await page.goto(f"{harness.gateway}{path}")
            await expect(page.get_by_role("heading", level=1)).to_be_visible(timeout=SOON)
            assert not await page.evaluate(SPILLS), (path, width)


# What is cut off on purpose (an ellipsis, a box that scrolls) is no spill.
SPILLS = """() => {
    if (document.documentElement.scrollWidth > innerWidth) return ["the page"];
    const edge = document.querySelector("main").getBoundingClientRect().right;
    const cut = (one) => one.closest("pre, .graph, .table-frame, .filter-bar, .kind-tabs, .tabs, .visually-hidden");
    return [...document.querySelectorAll("main *")]
        .filter((one) => one.getBoundingClientRect().right > edge + 1 && !cut(one))
        .filter((one) => getComputedStyle(one.parentElement).overflow !== "hidden")
        .map((one) => one.outerHTML.slice(0, 200));
}"""


async def test_what_is_away_comes_back_by_itself_and_tells_no_driver(harness: Harness, page: Page) -> None:
    await harness.publish("away-box", {"catalog-info.yaml": component("away-box")})
    away = {"error": {"name": "ServiceUnavailableError", "message": "Bolt: connection refused (111)"}}

    async def refuse(route: Route) -> None:
        await route.fulfill(status=503, json=away)

    await page.route("**/api/graph/impact/**", refuse)
    await page.goto(f"{harness.gateway}/catalog/default/component/away-box/impact")
    alert = page.get_by_role("alert")
    await expect(alert).to_contain_text("Not there right now", timeout=SOON)
    await expect(page.get_by_text("Bolt")).to_be_hidden()
    await page.unroute("**/api/graph/impact/**")
    await expect(page.get_by_text("Nothing depends on this")).to_be_visible(timeout=SOON)


async def test_a_session_that_ends_elsewhere_ends_here_at_once(harness: Harness, page: Page) -> None:
    await expect(page.get_by_text("Live", exact=True)).to_be_visible(timeout=SOON)
    answer = await page.request.post(
        f"{harness.gateway}/api/auth/logout", headers={"origin": harness.gateway}
    )
    assert answer.ok
    await expect(page.get_by_role("button", name=re.compile("guest", re.IGNORECASE))).to_be_visible(
        timeout=SOON
    )


UI = Path(__file__).parents[2] / "services" / "gateway" / "ui"
AXE = UI / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.mark.skipif(not AXE.is_file(), reason="axe-core is not installed (npm ci in services/gateway/ui)")
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_nothing_stands_in_anybodys_way(
    harness: Harness, page: Page, scheme: Literal["light", "dark"]
) -> None:
    await harness.publish("axe-box", {"catalog-info.yaml": component("axe-box"), **site("Axe")})
    long = "A longer description, told as lines that came and went. " * 3
    await harness.publish("axe-box", {"catalog-info.yaml": component("axe-box", description=long)})
    await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    own = "/catalog/default/component/axe-box"
    pages = [
        "/catalog?filters[user]=all",
        *(own + place for place in PLACES),
        "/docs/default/component/axe-box",
    ]
    found = {}
    for path in (*pages, "/docs", "/search?query=axe", "/sources", f"{own}-nothing"):
        await page.goto(f"{harness.gateway}{path}")
        await expect(page.get_by_role("heading").first).to_be_visible(timeout=SOON)
        for each in await page.locator("main summary").all():
            await each.click()
        found[path] = await violations(page)
    await page.keyboard.press("Control+k")
    await expect(page.get_by_role("combobox", name="Search everything")).to_be_focused(timeout=SOON)
    found["the palette"] = await violations(page)
    assert not {path: each for path, each in found.items() if each}


async def violations(page: Page) -> list[str]:
    await page.evaluate(AXE.read_text(encoding="utf-8"))
    result = await page.evaluate("(tags) => axe.run({ runOnly: tags })", RULES)
    return [
        f"{each['id']}: {each['help']}: {[node['html'][:160] for node in each['nodes'][:3]]}"
        for each in result["violations"]
    ]
