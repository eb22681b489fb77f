"""GitHub's alerts (`> [!NOTE]`) as admonitions."""

import re
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor

BEFORE_INLINE = 25
_ALERT = re.compile(r"\s*\[!(NOTE|TIP|IMPORTANT|WARNING|CAUTION)\][ \t]*(?:\n|\Z)")
_TYPES = {"IMPORTANT": "info", "CAUTION": "danger"}


class Alerts(Extension):
    """Turns quotes that GitHub shows as alerts into admonitions of the same title."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - the library's name
        """Register."""
        md.treeprocessors.register(_Quotes(md), "alerts", BEFORE_INLINE)


class _Quotes(Treeprocessor):
    def run(self, root: Element) -> None:
        for quote in root.iter("blockquote"):
            first = quote.find("p")
            match = _ALERT.match(first.text or "") if first is not None and quote[0] is first else None
            if first is not None and match:
                _turn(quote, first, match)


def _turn(quote: Element, first: Element, match: re.Match[str]) -> None:
    name = match[1]
    quote.tag = "div"
    quote.set("class", f"admonition {_TYPES.get(name, name.lower())}")
    first.text = (first.text or "")[match.end() :]
    if not first.text and not len(first):
        quote.remove(first)
    title = SubElement(quote, "p", {"class": "admonition-title"})
    title.text = name.capitalize()
    quote.remove(title)
    quote.insert(0, title)
