"""The table of contents of a site: as written in `mkdocs.yml`, or made from the files in MkDocs' order."""

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sipario_model import safe_url
from sipario_scm.glob import matching

from sipario_techdocs.shelf import INDEXES

MAX_DEPTH = 16


@dataclass(frozen=True, slots=True)
class Item:
    """A page (`path` among the docs), a link elsewhere (`href`), or a folder of items. An empty title is the page's."""

    title: str = ""
    path: str = ""
    href: str = ""
    children: tuple["Item", ...] = ()


@dataclass(frozen=True, slots=True)
class Nav:
    """The tree, and what in the written one could not be followed."""

    items: tuple[Item, ...]
    problems: tuple[str, ...] = ()

    def pages(self) -> Iterator[Item]:
        """Yield the items that are pages, in reading order."""
        return _pages(self.items)


def nav_of(written: Sequence[Any], pages: Sequence[str]) -> Nav:
    """Follow the written nav; without one, or when it leads to no page, list all pages in MkDocs' order."""
    in_order = sorted(pages, key=_order)
    reader = _Written(in_order)
    nav = Nav(tuple(reader.items(written, 0)), tuple(reader.problems))
    return nav if any(nav.pages()) else replace(nav, items=_from_files(in_order))


def _pages(items: Sequence[Item]) -> Iterator[Item]:
    for item in items:
        if item.path:
            yield item
        yield from _pages(item.children)


@dataclass
class _Written:
    pages: Sequence[str]
    problems: list[str] = field(default_factory=list)

    def items(self, written: Sequence[Any], depth: int) -> Iterator[Item]:
        for entry in written:
            if isinstance(entry, str):
                yield from self._leaf("", entry)
            elif isinstance(entry, Mapping):
                for title, value in entry.items():
                    yield from self._titled(str(title), value, depth)
            else:
                self.problems.append(f"nav: {entry!r:.80} is neither a file nor a folder of files")

    def _titled(self, title: str, value: Any, depth: int) -> Iterator[Item]:
        if isinstance(value, str):
            yield from self._leaf(title, value)
        elif isinstance(value, list) and depth < MAX_DEPTH:
            if children := tuple(self.items(value, depth + 1)):
                yield Item(title, children=children)
        else:
            self.problems.append(f"nav: {title} leads to no file")

    def _leaf(self, title: str, target: str) -> Iterator[Item]:
        path = posixpath.normpath(target.strip().lstrip("/"))
        if path in self.pages:
            yield Item(title, path=path)
        elif "*" in path and (found := matching(path, self.pages)):
            items = tuple(Item(path=each) for each in found)
            yield from [Item(title, children=items)] if title else items
        elif "://" in target or target.startswith(("mailto:", "/")):
            if safe_url(target) or re.fullmatch(r"/(docs|catalog)(/[\w.%/-]*)?", target):
                yield Item(title or target, href=target)
            else:
                self.problems.append(f"nav: the address of {title or target!r:.80} is not followed")
        else:
            self.problems.append(f"nav: there is no file {target!r:.200} among the docs")


def _order(path: str) -> list[tuple[int, str]]:
    """Sort an index before its neighbours, and files before the folders beside them."""
    *folders, name = path.split("/")
    first = 0 if posixpath.splitext(name)[0] in INDEXES else 1
    return [*((2, folder) for folder in folders), (first, name)]


def _from_files(pages: Sequence[str], prefix: str = "") -> tuple[Item, ...]:
    items: list[Item] = []
    folders: dict[str, list[str]] = {}
    for page in pages:
        folder, slash, _ = page.removeprefix(prefix).partition("/")
        if slash:
            folders.setdefault(folder, []).append(page)
        else:
            items.append(Item(path=page))
    for folder, inside in folders.items():
        items.append(Item(titled(folder), children=_from_files(inside, f"{prefix}{folder}/")))
    return tuple(items)


def titled(name: str) -> str:
    """Make a title out of a file's or folder's name."""
    words = name.replace("-", " ").replace("_", " ").strip()
    return words.capitalize() if words.islower() else words
