"""What HTML may leave this service: an allow-list of tags, attributes and addresses, applied to everything."""

import re
from collections.abc import Callable

import nh3

TEXT_TAGS = [
    "a", "abbr", "b", "bdi", "bdo", "blockquote", "br", "caption", "cite", "code", "col", "colgroup", "dd",
    "del", "details", "dfn", "div", "dl", "dt", "em", "figcaption", "figure", "h1", "h2", "h3", "h4", "h5",
    "h6", "hr", "i", "img", "input", "ins", "kbd", "label", "li", "mark", "ol", "p", "pre", "q", "rp", "rt",
    "ruby", "s", "samp", "section", "small", "span", "strong", "sub", "summary", "sup", "table", "tbody",
    "td", "tfoot", "th", "thead", "time", "tr", "tt", "u", "ul", "var", "wbr",
]  # fmt: skip
TAGS = frozenset(TEXT_TAGS)
CONTENT_NEVER_SHOWN = frozenset(
    [
    "script", "style", "template", "iframe", "object", "embed", "applet", "noscript", "noembed", "noframes",
    "frame", "frameset", "svg", "math", "title", "textarea", "select", "audio", "video", "canvas", "form",
    ]
)  # fmt: skip
ATTRIBUTES = {
    "*": {"class", "id", "title", "lang", "dir", "align"},
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "ol": {"start", "reversed"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "col": {"span"},
    "details": {"open"},
    "label": {"for"},
    "input": {"name", "checked", "disabled"},
    "div": {"data-tabs"},
    "span": {"data-linenos"},
    "time": {"datetime"},
}
SCHEMES = frozenset({"http", "https", "mailto"})

_CLASS = re.compile(r"(?!mantine-|sipario-|m-)[a-z][a-z0-9-]{0,39}|language-[\w+#.-]{1,40}")
_ID = re.compile(r"(?!mantine-|sipario-|td-)[^\W_][\w:.%-]{0,199}|__tabbed_[\w-]{1,60}")
_TAB = re.compile(r"__tabbed_[\w-]{1,60}")
_NUMBER = re.compile(r"\d{1,5}%?")
_TAG = re.compile(r'<(?P<name>/?[a-z][a-z0-9]*)(?P<attributes>(?:\s[^\s="<>]+="[^"]*")*)>')
"""A whole tag as the cleaner writes it, so that a bracket within an attribute is never taken for a tag's."""
_TAKEN = frozenset({"root", "app", "main", "body"})
_NUMBERS = frozenset({"width", "height", "colspan", "rowspan", "start", "span"})

Resolve = Callable[[str], str | None]


def clean(html: str, resolve: Resolve) -> str:
    """Return what is harmless of `html`, with every address replaced by what `resolve` answers, or left out.

    Ids stay as they are, so that headings can be linked to, but for those that a page of the portal may own.
    """

    def filtered(tag: str, attribute: str, value: str) -> str | None:
        if attribute in ("href", "src"):
            return resolve(value)
        return _value(tag, attribute, value)

    cleaner = nh3.Cleaner(
        tags=TAGS,
        clean_content_tags=CONTENT_NEVER_SHOWN,
        attributes=ATTRIBUTES,
        attribute_filter=filtered,
        tag_attribute_values={"input": {"type": {"radio", "checkbox"}}},
        set_tag_attribute_values={"img": {"loading": "lazy"}},
        url_schemes=set(SCHEMES),
        link_rel="noopener noreferrer nofollow",
    )
    cleaned = cleaner.clean(html)
    return _TAG.sub(_input, cleaned) if "<input" in cleaned else cleaned


def safe_id(value: str) -> bool:
    """Tell whether an id may stay: it starts as a word does, and no part of the portal's page owns it."""
    return bool(_ID.fullmatch(value)) and value not in _TAKEN


def _value(tag: str, attribute: str, value: str) -> str | None:
    if attribute == "class":
        return " ".join(filter(_CLASS.fullmatch, value.split())) or None
    if attribute in ("id", "for"):
        return value if safe_id(value) else None
    if attribute in _NUMBERS and not _NUMBER.fullmatch(value):
        return None
    if (tag, attribute) == ("input", "name") and not _TAB.fullmatch(value):
        return None
    return value


def _input(match: re.Match[str]) -> str:
    """Keep tabs and checkboxes that nobody can tick; any other input is left out."""
    attributes = match["attributes"]
    if match["name"] != "input":
        return match[0]
    if 'type="radio"' in attributes and 'name="' in attributes:
        return match[0]
    if 'type="checkbox"' in attributes:
        checked = ' checked=""' if " checked=" in attributes else ""
        return f'<input type="checkbox" disabled=""{checked}>'
    return ""
