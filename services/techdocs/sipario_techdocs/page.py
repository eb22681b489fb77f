"""One page: Markdown in, harmless HTML with its outline out."""

import html
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import Any

from markdown import Markdown
from pymdownx.emoji import gemoji, to_alt  # type: ignore[import-untyped]
from sipario_events import Section
from sipario_model import Problem

from sipario_techdocs.alerts import Alerts
from sipario_techdocs.html import clean
from sipario_techdocs.lists import STEP, EvenLists
from sipario_techdocs.markup import Markup
from sipario_techdocs.sections import MAX_SECTION, Heading, outline
from sipario_techdocs.shelf import Shelf

VERSION = "3"
"""Raise it when the same Markdown gives other HTML: every page is then rendered again."""
PARTS = ("markdown", "pymdown-extensions", "mdx-truly-sane-lists", "pygments", "nh3")
RENDERER = " ".join([VERSION, *(f"{name}={version(name)}" for name in PARTS)])
"""Names what renders: pages that another one made are rendered again."""

DRAWN = "mermaid"
UNDRAWN = ("plantuml", "puml", "dot", "graphviz")
"""Diagrams that are shown as their source."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """A page as it is shown. `links` tells for each link in it where it led when the page was rendered.

    `cut` is None when it is complete, and else how often its rendering was begun and cut short.
    """

    html: str
    toc: tuple[Heading, ...] = ()
    sections: tuple[Section, ...] = ()
    links: Mapping[str, str | None] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    cut: int | None = None

    @property
    def heading(self) -> str:
        """The first heading of the first level; empty when there is none."""
        return next((heading.title for heading in self.toc if heading.level == 1), "")


@dataclass(frozen=True)
class Converter:
    """Markdown with its extensions: slow to make, and good for any number of pages of any site."""

    markdown: Markdown
    problems: tuple[Problem, ...] = ()

    @classmethod
    def of(cls, markup: Markup) -> "Converter":
        """Make one; options that an extension cannot live with are left out, all of them."""
        try:
            return cls(_markdown(markup))
        except Exception as error:  # noqa: BLE001 - extensions raise anything at options of the wrong kind
            message = f"markdown_extensions are left out, an option is wrong: {error}"
            return cls(_markdown(Markup()), (Problem(message, "mkdocs.yml", None, "markdown_extensions"),))


class Renderer:
    """Renders pages of one site. Not for several threads at once."""

    def __init__(self, converter: Converter, shelf: Shelf) -> None:
        self._markdown = converter.markdown
        self._problems = converter.problems
        self._shelf = shelf

    def render(self, path: str, text: str) -> Rendered:
        """Render a page that stands at `path` among the docs; what it links to is looked up on the shelf only."""
        links: dict[str, str | None] = {}

        def resolve(link: str) -> str | None:
            if link not in links:
                links[link] = self._shelf.resolve(path, link)
            return links[link]

        cleaned = clean(self._converted(text), resolve)
        found = outline(cleaned)
        problems = self._problems + tuple(
            Problem(f"the link {link} leads nowhere", self._shelf.sources[path])
            for link, target in links.items()
            if target is None
        )
        return Rendered(cleaned, found.headings, found.sections, links, problems)

    def _converted(self, text: str) -> str:
        self._markdown.reset()
        return str(self._markdown.convert(text))


def unrendered(path: str, text: str, *, reason: str, cut: int | None = None) -> Rendered:
    """Show a page that cannot be rendered as the text that it is, and say so on it; `path` is its file."""
    title = '<p class="admonition-title">Shown as plain text</p>'
    why = html.escape(f"This page could not be rendered: {reason}.")
    return Rendered(
        f'<div class="admonition warning">{title}<p>{why}</p></div>\n<pre>{html.escape(text)}</pre>',
        sections=(Section(anchor="", title="", text=" ".join(text[:MAX_SECTION].split())),),
        problems=(Problem(f"shown as plain text: {reason}", path),),
        cut=cut,
    )


def _markdown(markup: Markup) -> Markdown:
    options = markup.extensions
    options["pymdownx.emoji"] = {"emoji_index": gemoji, "emoji_generator": to_alt}
    fences = [{"name": DRAWN, "class": DRAWN, "format": _diagram}]
    fences += [{"name": each, "class": each, "format": _undrawn, "validator": _any} for each in UNDRAWN]
    options["pymdownx.superfences"] = {**options["pymdownx.superfences"], "custom_fences": fences}
    extensions: list[Any] = [*options, Alerts()]
    if options["mdx_truly_sane_lists"].get("nested_indent", STEP) == STEP:
        extensions.append(EvenLists())
    return Markdown(extensions=extensions, extension_configs=options, output_format="html", tab_length=4)


def _diagram(
    source: str, _language: str, _class: str, _options: Any, _markdown: Markdown, **_rest: Any
) -> str:
    return f'<pre class="{DRAWN}">{html.escape(source)}</pre>'


def _undrawn(
    source: str, language: str, _class: str, _options: Any, _markdown: Markdown, **_rest: Any
) -> str:
    return f'<pre class="{language}"><code>{html.escape(source)}</code></pre>'


def _any(_language: str, _inputs: Any, _options: Any, _attributes: Any, _markdown: Markdown) -> bool:
    return True
