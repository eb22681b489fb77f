"""A whole site: what is on its pages before they are rendered, and how they are put together after."""

import hashlib
import posixpath
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial

from sipario_model import EntityRef, Problem

from sipario_techdocs.front import front_of
from sipario_techdocs.gather import Files, gather
from sipario_techdocs.markup import Markup
from sipario_techdocs.nav import Item, Nav, nav_of, titled
from sipario_techdocs.page import RENDERER, Converter, Rendered, Renderer, unrendered
from sipario_techdocs.shelf import Address, Shelf, is_page
from sipario_techdocs.snippets import expand

MAX_PAGE_BYTES = 1 << 20
MAX_ASSET_BYTES = 10 << 20


@dataclass(frozen=True, slots=True)
class Source:
    """A page before it is rendered: its text with snippets in place. Equal digests give equal HTML, links aside."""

    path: str
    text: str
    title: str
    description: str
    digest: str
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class Plan:
    """All that is known of a site without rendering it."""

    name: str
    description: str
    edit_base: str
    nav: Nav
    pages: Mapping[str, Source]
    assets: tuple[str, ...]
    shelf: Shelf
    markup: Markup
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class Site:
    """A site as it is read: pages by their path among the docs, and the titles by which they are known."""

    plan: Plan
    pages: Mapping[str, Rendered]

    @property
    def titles(self) -> Mapping[str, str]:
        """The title of each page: from nav, from its front matter, its first heading, or its name."""
        given = {item.path: item.title for item in self.plan.nav.pages() if item.title}
        return {
            path: given.get(path) or title_of(self.plan.pages[path], page.heading)
            for path, page in self.pages.items()
        }

    @property
    def nav(self) -> tuple[Item, ...]:
        """The tree with every page's title in it."""
        return tuple(_titled(item, self.titles) for item in self.plan.nav.items)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Everything that could be better, in the order of the pages."""
        found = [problem for path in self.pages for problem in self.pages[path].problems]
        told = [problem for path in self.pages for problem in self.plan.pages[path].problems]
        return tuple(dict.fromkeys((*self.plan.problems, *told, *found)))


def site(files: Files, config: bytes | None = None, *, ref: EntityRef) -> Site:
    """Render the site of an entity in this process; raises `SiteError` when there is nothing to render."""
    planned = plan(files, config, ref=ref)
    renderer = Renderer(Converter.of(planned.markup), planned.shelf)
    return Site(planned, {path: rendered(renderer, source) for path, source in planned.pages.items()})


def rendered(renderer: Renderer, source: Source) -> Rendered:
    """Render a page; one that breaks the renderer is shown as plain text."""
    try:
        return renderer.render(source.path, source.text)
    except Exception as error:  # noqa: BLE001 - hostile input must break its own page only
        return unrendered(source.path, source.text, reason=type(error).__name__)


def plan(files: Files, config: bytes | None = None, *, ref: EntityRef) -> Plan:
    """Read what a site is made of, without rendering; raises `SiteError`."""
    gathered = gather(files, config)
    shelf = Shelf(gathered.sources, Address.of(ref))
    pages = sorted(filter(is_page, gathered.sources))
    nav = nav_of(gathered.nav, pages)
    made = partial(_source, files=files, shelf=shelf, markup=gathered.config.markup, docs=gathered.folder)
    config_problems = tuple(Problem(message) for message in nav.problems)
    return Plan(
        name=gathered.config.site_name,
        description=gathered.config.site_description,
        edit_base=gathered.config.edit_base,
        nav=nav,
        pages={path: made(path) for path in pages},
        assets=tuple(path for path in sorted(gathered.sources) if not is_page(path)),
        shelf=shelf,
        markup=gathered.config.markup,
        problems=(*gathered.problems, *config_problems),
    )


def title_of(source: Source, heading: str) -> str:
    """Name a page that nav gives no title."""
    stem = posixpath.splitext(posixpath.basename(source.path))[0]
    return source.title or heading or ("Home" if source.path in ("index.md", "README.md") else titled(stem))


def stale(known: Mapping[str, str | None], path: str, shelf: Shelf) -> bool:
    """Tell whether a link of a page leads elsewhere than when it was rendered."""
    return any(shelf.resolve(path, link) != target for link, target in known.items())


def _source(path: str, *, files: Files, shelf: Shelf, markup: Markup, docs: str) -> Source:
    place = shelf.sources[path]
    problems: list[Problem] = []

    def tell(message: str) -> None:
        problems.append(Problem(message, place))

    text = _decoded(files[place], tell)
    front = front_of(text)
    folders = (docs, posixpath.dirname(place), "")
    body = expand(front.text, lambda name: _snippet(name, files, folders), tell)
    facts = (RENDERER, repr(markup), path, place, shelf.address.pages, body)
    digest = hashlib.sha256("\0".join(facts).encode("utf-8", "surrogatepass")).hexdigest()
    return Source(path, body, front.title, front.description, digest, tuple(problems))


def _decoded(data: bytes, tell: Callable[[str], None]) -> str:
    if len(data) > MAX_PAGE_BYTES:
        tell(f"the page has {len(data)} bytes; only the first {MAX_PAGE_BYTES} are shown")
        data = data[:MAX_PAGE_BYTES]
    return (
        data.decode("utf-8-sig", "replace").replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd")
    )


def _snippet(name: str, files: Files, folders: tuple[str, ...]) -> str | None:
    for folder in folders:
        path = posixpath.normpath(posixpath.join(folder, name))
        if path in files and not any(part.startswith(".git") for part in path.split("/")):
            data = files[path]
            return (
                data.decode("utf-8-sig", "replace").replace("\r\n", "\n")
                if len(data) <= MAX_PAGE_BYTES
                else None
            )
    return None


def _titled(item: Item, titles: Mapping[str, str]) -> Item:
    children = tuple(_titled(child, titles) for child in item.children)
    return replace(item, title=item.title or titles.get(item.path, ""), children=children)
