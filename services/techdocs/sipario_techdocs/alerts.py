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
        for parent in list(root.iter()):
            for quote in [child for child in parent if child.tag == "blockquote"]:
                for part in _parts(parent, quote):
                    match = _alert(part[0]) if len(part) else None
                    if match:
                        _turn(part, part[0], match)


def _alert(element: Element) -> re.Match[str] | None:
    return _ALERT.match(element.text or "") if element.tag == "p" else None


def _parts(parent: Element, quote: Element) -> list[Element]:
    """Part a quote before each alert in it: to Markdown, quotes with only an empty line between are one."""
    parts = [quote]
    for child in list(quote)[1:]:
        if _alert(child):
            parts.append(Element("blockquote"))
            parent.insert(list(parent).index(parts[-2]) + 1, parts[-1])
        if len(parts) > 1:
            quote.remove(child)
            parts[-1].append(child)
    return parts


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
