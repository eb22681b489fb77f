"""Where the files of a site stand: in the repository, among the docs, and on the web."""

import posixpath
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote, unquote, urlsplit

from sipario_model import EntityRef, safe_url

PAGE_ENDINGS = (".md", ".markdown", ".mdown", ".mkdn", ".mkd")
INDEXES = ("index", "README", "readme")
PORTAL = ("/docs/", "/catalog/", "/catalog", "/docs", "/search", "/create", "/api-docs")


@dataclass(frozen=True)
class Address:
    """The web paths under which a site's pages and its assets are served; both end with a slash."""

    pages: str
    assets: str

    @classmethod
    def of(cls, ref: EntityRef) -> "Address":
        """Serve an entity's docs where Backstage does."""
        path = f"{quote(ref.namespace)}/{quote(ref.kind)}/{quote(ref.name)}/"
        return cls(f"/docs/{path}", f"/api/techdocs/static/docs/{path}")


def is_page(path: str) -> bool:
    """Tell pages from assets by their ending."""
    return path.lower().endswith(PAGE_ENDINGS)


def url_of(path: str) -> str:
    """Return a page's path on the web, relative to its site: `guide/start.md` is at `guide/start/`."""
    folder, name = posixpath.split(path)
    stem = posixpath.splitext(name)[0]
    parts = [folder] if stem in INDEXES else [folder, stem]
    return "".join(f"{part}/" for part in parts if part)


@dataclass(frozen=True)
class Shelf:
    """All files of a site by their path among the docs, each with the path of its source in the repository's folder."""

    sources: Mapping[str, str]
    address: Address
    _places: Mapping[str, str] = field(init=False, repr=False, compare=False)
    _urls: Mapping[str, str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        places = {source: path for path, source in self.sources.items()}
        object.__setattr__(self, "_places", places)
        object.__setattr__(self, "_urls", {url_of(path): path for path in self.sources if is_page(path)})

    def resolve(self, page: str, link: str) -> str | None:
        """Return where a link in a page leads to, or None when it leads nowhere or must not be followed."""
        if link.startswith("#"):
            return link
        if "\\" in link or any(ord(character) < 32 for character in link):
            return None
        try:
            parts = urlsplit(link)
        except ValueError:
            return None
        if parts.scheme or parts.netloc:
            outside = link if parts.scheme else f"https:{link}"
            return outside if safe_url(outside) else None
        return self._inside(page, unquote(parts.path), f"#{parts.fragment}" if parts.fragment else "")

    def _inside(self, page: str, path: str, fragment: str) -> str | None:
        if path.startswith("/"):
            found = self._find([path.lstrip("/")])
            if found is None and (path in PORTAL or path.startswith(PORTAL[:2])) and ".." not in path:
                return quote(path) + fragment
        elif not path:
            return fragment or "#"
        else:
            found = self._find(self._candidates(page, path))
        if found is None:
            return None
        if is_page(found):
            return self.address.pages + quote(url_of(found)) + fragment
        return self.address.assets + quote(found) + fragment

    def _candidates(self, page: str, path: str) -> Iterable[str]:
        # As Markdown links are meant (beside the source), then as raw HTML is (beside the page on the web).
        source = _join(posixpath.dirname(self.sources[page]), path)
        if source in self._places:
            yield self._places[source]
        yield _join(posixpath.dirname(page), path)
        yield _join(url_of(page), path)

    def _find(self, candidates: Iterable[str]) -> str | None:
        for candidate in candidates:
            if candidate in self.sources:
                return candidate
            stem = candidate.removesuffix("index.html").removesuffix(".html").strip("/")
            url = f"{stem}/" if stem and stem != "." else ""
            if url in self._urls and not candidate.startswith(".."):
                return self._urls[url]
        return None


def _join(folder: str, path: str) -> str:
    joined = posixpath.normpath(posixpath.join(folder, path))
    return "" if joined == "." else joined
