"""The docs of the demo organisation: every page is reached, and the Markdown that readers expect is there."""

import posixpath
import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from sipario_demo.history import Files
from sipario_demo.organisation import repositories


@pytest.fixture(scope="module")
def sites() -> dict[str, Files]:
    return {
        each.name: each.versions[-1].files
        for each in repositories()
        if "mkdocs.yml" in each.versions[-1].files
    }


def test_most_repositories_have_docs(sites: dict[str, Files]) -> None:
    assert len(sites) >= 8


def test_every_page_is_in_the_navigation_of_every_version() -> None:
    for repository in repositories():
        for version in repository.versions:
            pages = {path for path in version.files if path.startswith("docs/")}
            if "mkdocs.yml" in version.files:
                listed = _pages(yaml.safe_load(version.files["mkdocs.yml"])["nav"])
                assert {f"docs/{path}" for path in listed} == pages, (repository.name, version.step.message)


def _pages(nav: Any) -> Iterator[str]:
    match nav:
        case str():
            yield nav
        case list():
            for each in nav:
                yield from _pages(each)
        case dict():
            yield from _pages(list(nav.values()))


def test_links_between_pages_lead_somewhere(sites: dict[str, Files]) -> None:
    for name, files in sites.items():
        for path, text in files.items():
            for target in re.findall(r"\]\(((?!https?:)[^)]+\.md)\)", text):
                assert posixpath.normpath(posixpath.join(posixpath.dirname(path), target)) in files, name


def test_links_to_the_portal_lead_to_what_is_catalogued(sites: dict[str, Files]) -> None:
    texts = [text for each in repositories() for text in each.versions[-1].files.values()]
    declared = {name for text in texts for name in re.findall(r"^  name: ([a-z-]+)$", text, re.MULTILINE)}
    pattern = r"\]\(/(?:docs|catalog)/default/component/([a-z-]+)"
    linked = {
        name for files in sites.values() for text in files.values() for name in re.findall(pattern, text)
    }
    assert linked
    assert linked <= declared


@pytest.mark.parametrize(
    "pattern",
    [r"^!!! \w+", r"^\?\?\? \w+", r'^=== "', r"^```mermaid$", r"^\|.*\|$", r"^- \[ \] ", r"^- \[x\] "],
)
def test_docs_use_what_readers_expect(sites: dict[str, Files], pattern: str) -> None:
    using = [
        name
        for name, files in sites.items()
        if any(re.search(pattern, text, re.MULTILINE) for text in files.values())
    ]
    assert len(using) >= 3


def test_code_blocks_are_closed(sites: dict[str, Files]) -> None:
    for name, files in sites.items():
        for path, text in files.items():
            if path.endswith(".md"):
                assert len(re.findall(r"^ *```", text, re.MULTILINE)) % 2 == 0, f"{name}/{path}"
