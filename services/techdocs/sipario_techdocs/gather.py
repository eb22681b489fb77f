"""Which files of a folder make up a site, with the sites that it includes."""

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sipario_model import Problem

from sipario_techdocs.mkdocs import SiteConfig, SiteError, config_of
from sipario_techdocs.shelf import INDEXES, is_page

CONFIGS = ("mkdocs.yaml", "mkdocs.yml")
READMES = ("docs/README.md", "docs/readme.md", "README.md", "readme.md")
MAX_FILES = 20_000
MAX_INCLUDED = 200
INCLUDE = "!include "

Files = Mapping[str, bytes]
"""The regular files of one folder by their path in it; reading one may be work. Links and devices are not in it."""


@dataclass(frozen=True)
class Gathered:
    """A site's configuration, files (path among the docs to path in the folder), and nav with inclusions resolved."""

    config: SiteConfig
    sources: Mapping[str, str]
    nav: tuple[Any, ...]
    problems: tuple[Problem, ...]
    folder: str


def gather(files: Files, config: bytes | None = None) -> Gathered:
    """Find the files of the site; `config` is its `mkdocs.yml`, looked for when not given. Raises `SiteError`."""
    path = next((name for name in CONFIGS if name in files), CONFIGS[1])
    if config is None and path in files:
        config = files[path]
    gathering = _Gathering(files, included=[path])
    read = config_of(config, path)
    nav = tuple(gathering.site(read, "", ""))
    gathering.readme(read.docs_dir)
    if not any(map(is_page, gathering.sources)):
        raise SiteError(f"there are no docs: neither a page in {read.docs_dir or '.'}/ nor a README.md")
    if len(gathering.sources) > MAX_FILES:
        raise SiteError(f"there are {len(gathering.sources)} files, at most {MAX_FILES} make up a site")
    return Gathered(read, gathering.sources, nav, (*read.problems, *gathering.problems), read.docs_dir)


@dataclass
class _Gathering:
    files: Files
    sources: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    included: list[str] = field(default_factory=list)

    def site(self, config: SiteConfig, folder: str, prefix: str) -> Iterator[Any]:
        """Take a site's files in, and yield its nav with the prefix of the site that it is included as."""
        docs = posixpath.normpath(posixpath.join(folder, config.docs_dir))
        root = "" if docs == "." else f"{docs}/"
        for path in self.files:
            if path.startswith(root) and _shown(path.removeprefix(root)):
                self.sources[prefix + path.removeprefix(root)] = path
        self._drop_second_index(prefix)
        yield from self._nav(config.nav, folder, prefix)

    def readme(self, docs: str) -> None:
        """Let a README be the first page of docs that have none."""
        if any(f"{name}.md" in self.sources for name in INDEXES):
            return
        for name in READMES:
            if name in self.files and (not docs or not name.startswith(f"{docs}/")):
                self.sources["index.md"] = name
                return

    def _drop_second_index(self, prefix: str) -> None:
        for path in [path for path in self.sources if path.startswith(prefix) and path.endswith("README.md")]:
            if path.removesuffix("README.md") + "index.md" in self.sources:
                source = self.sources.pop(path)
                self.problems.append(Problem("not shown: there is an index.md beside it", source))

    def _nav(self, written: Sequence[Any], folder: str, prefix: str) -> Iterator[Any]:
        for entry in written:
            if isinstance(entry, dict):
                yield {title: self._value(value, folder, prefix) for title, value in entry.items()}
            elif isinstance(entry, str):
                yield self._value(entry, folder, prefix)
            else:
                yield entry

    def _value(self, value: Any, folder: str, prefix: str) -> Any:
        if isinstance(value, list):
            return list(self._nav(value, folder, prefix))
        if isinstance(value, str) and value.startswith(INCLUDE):
            return self._include(value.removeprefix(INCLUDE).strip(), folder, prefix)
        if isinstance(value, str) and prefix and not re.match(r"[a-z]+:|/", value):
            return prefix + posixpath.normpath(value)
        return value

    def _include(self, target: str, folder: str, prefix: str) -> list[Any]:
        path = posixpath.normpath(posixpath.join(folder, target))
        if path not in self.files or path in self.included or len(self.included) >= MAX_INCLUDED:
            return self._not_included(target, "it is not among the files, or already included")
        self.included.append(path)
        try:
            config = config_of(self.files[path], path)
        except SiteError as error:
            return self._not_included(target, str(error))
        self.problems.extend(config.problems)
        name = _folder_of(config.site_name) or posixpath.dirname(path)
        below = f"{prefix}{name}/"
        nav = list(self.site(config, posixpath.dirname(path), below))
        return nav or sorted(each for each in self.sources if each.startswith(below) and is_page(each))

    def _not_included(self, target: str, reason: str) -> list[Any]:
        self.problems.append(Problem(f"nav: {target!r:.200} is not included: {reason}"))
        return []


def _folder_of(name: str) -> str:
    """Name the folder that an included site is at; a name of several parts makes several folders."""
    parts = (re.sub(r"[^\w-]+", "-", part).strip("-") for part in name.lower().split("/"))
    return "/".join(filter(None, parts))


def _shown(path: str) -> bool:
    return not any(part.startswith(".") for part in path.split("/"))
