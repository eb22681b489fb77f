"""What somebody reads in the docs: everything of a page is shown, and nothing of it is shown broken."""

import pytest
from playwright.async_api import Page, expect
from sipario_testkit.files import component
from sipario_testkit.harness import Harness

SOON = 15_000
NUMBERED = "() => getComputedStyle(document.querySelector('[data-linenos]'), '::before').content"
DRAWN = "(image) => image.naturalWidth > 0 && image.src.startsWith('data:image/svg+xml')"
PAGE = """\
# Everything

```mermaid
flowchart LR
  curtain --> stage
```

```mermaid
sequenceDiagram
  Usher->>Guest: This way
```

```python linenums="7"
row = 7
```

Foyer
:   Where one waits.

A [ghost](nowhere.md), a [neighbour](second.md), ![a poster](https://example.org/poster.png).
"""

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", [1440, 390])
async def test_a_page_of_docs_is_shown_with_all_that_it_has(harness: Harness, page: Page, width: int) -> None:
    site = {"mkdocs.yml": "site_name: All\n", "docs/index.md": PAGE, "docs/second.md": "# Second\n"}
    await harness.publish("reading-box", {"catalog-info.yaml": component("reading-box"), **site})
    refused: list[str] = []
    page.on("console", lambda said: refused.append(said.text) if "Security Policy" in said.text else None)
    await page.set_viewport_size({"width": width, "height": 900})
    await page.goto(f"{harness.gateway}/docs/default/component/reading-box")
    drawings = page.get_by_role("img", name="Diagram:")
    await expect(drawings).to_have_count(2, timeout=SOON)
    assert all([await each.evaluate(DRAWN) for each in await drawings.all()])
    await expect(page.get_by_text("curtain --> stage")).to_be_hidden()
    assert "7" in await page.evaluate(NUMBERED)
    await expect(page.get_by_role("link", name="ghost")).to_be_disabled()
    await expect(page.get_by_role("link", name="neighbour")).to_be_enabled()
    poster = page.get_by_role("link", name="a poster")
    await expect(poster).to_have_attribute("href", "https://example.org/poster.png")
    assert not refused


async def test_docs_that_were_never_built_say_only_why(harness: Harness, page: Page) -> None:
    broken = {"mkdocs.yml": "site_name: [\n", "docs/index.md": "# Start\n"}
    await harness.publish("broken-box", {"catalog-info.yaml": component("broken-box"), **broken})
    await page.goto(f"{harness.gateway}/docs/default/component/broken-box")
    await expect(page.get_by_role("heading", level=1)).to_contain_text("nothing to read", timeout=SOON)
    await expect(page.get_by_text("mkdocs.yml")).to_be_visible()
    await expect(page.get_by_text("No such page")).to_have_count(0)
