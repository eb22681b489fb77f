"""Built page by page after edits, a site is what it would be if it were built all at once."""

import random
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson
import pytest
from sipario_ledger import Ledger
from sipario_techdocs.app import MIGRATIONS
from sipario_techdocs.store import SiteKept

REF = "component:default/tickets"
NAMES = ["index", "start", "guide/doors", "guide/README", "guide/deep/seats", "faq", "snippet"]
CONFIGS = [
    None,
    "site_name: A\n",
    "site_name: B\nnav:\n  - Home: index.md\n  - guide/doors.md\n",
    "site_name: B\nmarkdown_extensions: [nl2br, {toc: {permalink: false}}]\n",
    "nav: [\n",
    "docs_dir: guide\n",
]


def edited(files: dict[str, str | bytes], dice: random.Random) -> None:
    """Change something, or nothing."""
    name = f"docs/{dice.choice(NAMES)}.md"
    match dice.randrange(6):
        case 0:
            files.pop(name, None)
        case 1:
            config = dice.choice(CONFIGS)
            files.pop("mkdocs.yml", None)
            files.update({"mkdocs.yml": config} if config else {})
        case 2:
            files["docs/plan.png"] = dice.randbytes(4)
        case 3:
            files.pop("docs/plan.png", None)
        case _:
            links = "\n\n".join(f"[x](/{dice.choice(NAMES)}.md)" for _ in range(2))
            included = '\n\n--8<-- "snippet.md"' if dice.random() < 0.4 and "snippet" not in name else ""
            files[name] = f"# Title {dice.randrange(4)}\n\n{links}\n\n![p](/plan.png){included}\n"


def shown(site: SiteKept | None, blobs: Any) -> Mapping[str, Any] | None:
    if site is None:
        return None
    pages = {page.url: (page.title, orjson.loads(blobs.get(page.blob))) for page in site.pages.values()}
    assets = {asset.path: asset.blob for asset in site.assets.values()}
    return {"about": site.about, "pages": pages, "assets": assets, "etag": site.etag}


@pytest.mark.parametrize("seed", range(25))
async def test_edits_lead_to_what_a_full_build_makes(desk: Any, tmp_path: Path, seed: int) -> None:
    dice = random.Random(seed)
    files: dict[str, str | bytes] = {"docs/index.md": "# Home\n"}
    await desk.entity()
    told: dict[str, str] = {}
    for _ in range(12):
        edited(files, dice)
        desk.put(files)
        await desk.pushed()
        for entry in await desk.work():
            event = orjson.loads(entry.body)
            if event["type"] == "page":
                told.pop(event["path"], None)
                told.update({} if event["gone"] else {event["path"]: event["title"]})
    site = await desk.library.site(REF)
    assert site is not None
    assert told == {page.url: page.title for page in site.pages.values()}
    if site.about["error"]:
        return
    async with Ledger.open("sqlite://", name="techdocs", migrations=MIGRATIONS, inline=True) as ledger:
        fresh = type(desk)(ledger, tmp_path / "fresh")
        fresh.put(files)
        await fresh.entity()
        await fresh.work()
        assert shown(await fresh.library.site(REF), fresh.blobs) == shown(site, desk.blobs)
