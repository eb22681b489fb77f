"""Pages lead where they say, the navigation is complete, and our own portal renders and takes our own files."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from sipario_model import EntityRef, check, documents
from sipario_techdocs.site import site

LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
TESTS = re.compile(r"`((?:tests|libs|services)/[\w/.-]+\.py)`")
FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)


def listed(nav: Any) -> Iterator[str]:
    match nav:
        case str():
            yield nav
        case list():
            for each in nav:
                yield from listed(each)
        case dict():
            yield from listed(list(nav.values()))


def anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", FENCE.sub("", page.read_text()), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


def test_every_link_leads_somewhere(pages: list[Path], root: Path) -> None:
    lost = []
    for page in pages:
        for target in LINK.findall(FENCE.sub("", page.read_text())):
            path, _, anchor = target.partition("#")
            if re.match(r"[a-z]+:", target):
                continue
            file = (page.parent / path).resolve() if path else page
            if not file.exists() or (anchor and anchor not in anchors(file)):
                lost.append(f"{page.relative_to(root)}: {target}")
    assert not lost


def test_every_test_that_a_page_names_exists(pages: list[Path], root: Path) -> None:
    named = {(page, place) for page in pages for place in TESTS.findall(page.read_text())}
    lost = [
        (page, place) for page, place in named if not any((at / place).exists() for at in (root, page.parent))
    ]
    assert not lost


def test_the_navigation_names_every_page_once_and_no_other(root: Path) -> None:
    nav = list(listed(yaml.safe_load((root / "mkdocs.yml").read_text())["nav"]))
    there = sorted(str(path.relative_to(root / "docs")) for path in root.glob("docs/**/*.md"))
    assert sorted(nav) == there


def test_our_own_docs_render_without_problems(root: Path) -> None:
    files = {
        str(path.relative_to(root)): path.read_bytes()
        for path in (root / "mkdocs.yml", *root.glob("docs/**/*"))
        if path.is_file()
    }
    rendered = site(files, ref=EntityRef("system", "default", "sipario"))
    assert not rendered.problems
    assert len(rendered.pages) == len(list(root.glob("docs/**/*.md")))


def test_our_own_catalog_file_is_without_problems(root: Path) -> None:
    found = list(documents((root / "catalog-info.yaml").read_bytes(), "catalog-info.yaml"))
    for each in found:
        if each.value["kind"] == "API":
            text = root / each.value["spec"]["definition"]["$text"]
            each.value["spec"]["definition"] = text.read_text()
        assert not check(each.value, each.lines)
    refs = [EntityRef(each.value["kind"], "default", each.value["metadata"]["name"]) for each in found]
    assert len(set(refs)) == len(refs)


def test_every_member_says_what_it_is(root: Path) -> None:
    members = [path.parent for path in root.glob("*/*/pyproject.toml")]
    assert not [member.name for member in members if not (member / "README.md").is_file()]
