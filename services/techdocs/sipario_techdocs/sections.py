"""A page's outline and its text for the search: read from the HTML as it will be shown."""

from dataclasses import dataclass
from html.parser import HTMLParser

from sipario_events import Section

MAX_SECTION = 20_000
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
BLOCKS = HEADINGS | frozenset(
    [
    "p", "div", "li", "td", "th", "dd", "dt", "pre", "br", "tr", "summary", "blockquote", "label",
    "figcaption", "table", "section",
    ]
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Heading:
    """One line of a page's table of contents; `level` is 1 to 6."""

    id: str
    title: str
    level: int


@dataclass(frozen=True, slots=True)
class Outline:
    """The headings of a page, and the plain text below each; the text before the first has an empty anchor."""

    headings: tuple[Heading, ...]
    sections: tuple[Section, ...]


def outline(html: str) -> Outline:
    """Read the outline of sanitised HTML."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    reader.finish()
    return Outline(tuple(reader.headings), tuple(reader.sections))


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.headings: list[Heading] = []
        self.sections: list[Section] = []
        self._anchor = self._title = ""
        self._text: list[str] = []
        self._level = 0
        self._skipped = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        classes = (attributes.get("class") or "").split()
        if (tag == "a" and "headerlink" in classes) or (tag == "pre" and "mermaid" in classes):
            self._skipped = tag
        elif tag in HEADINGS and attributes.get("id"):
            self.finish()
            self._anchor, self._level = attributes["id"] or "", int(tag[1])
        elif tag in BLOCKS:
            self._text.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag == self._skipped:
            self._skipped = ""
        elif tag in HEADINGS and self._level:
            self._title = _plain(self._text)
            self.headings.append(Heading(self._anchor, self._title, self._level))
            self._text, self._level = [], 0
        elif tag in BLOCKS:
            self._text.append(" ")

    def handle_data(self, data: str) -> None:
        if not self._skipped:
            self._text.append(data)

    def finish(self) -> None:
        """Close the section that is open."""
        text = _plain(self._text)[:MAX_SECTION]
        if text or self._anchor:
            self.sections.append(Section(anchor=self._anchor, title=self._title, text=text))
        self._anchor, self._title, self._text, self._level = "", "", [], 0


def _plain(text: list[str]) -> str:
    return " ".join("".join(text).split())
