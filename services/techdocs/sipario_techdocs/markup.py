"""Which Markdown is written: the extensions that are always on, and those an author may add or tune."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Told = list[tuple[str, str]]

ALWAYS: Mapping[str, Mapping[str, Any]] = {
    "toc": {"permalink": True},
    "admonition": {},
    "abbr": {},
    "attr_list": {},
    "def_list": {},
    "footnotes": {},
    "md_in_html": {},
    "tables": {"use_align_attribute": True},
    "mdx_truly_sane_lists": {},
    "pymdownx.betterem": {"smart_enable": "all"},
    "pymdownx.caret": {},
    "pymdownx.critic": {},
    "pymdownx.details": {},
    "pymdownx.emoji": {},
    "pymdownx.highlight": {"pygments_lang_class": True, "linenums_style": "pymdownx-inline"},
    "pymdownx.inlinehilite": {},
    "pymdownx.magiclink": {},
    "pymdownx.mark": {},
    "pymdownx.smartsymbols": {},
    "pymdownx.superfences": {},
    "pymdownx.tabbed": {"alternate_style": True},
    "pymdownx.tasklist": {},
    "pymdownx.tilde": {},
}
OPTIONAL = frozenset(
    [
    "nl2br", "smarty", "sane_lists", "legacy_em", "pymdownx.arithmatex", "pymdownx.escapeall",
    "pymdownx.keys", "pymdownx.progressbar", "pymdownx.saneheaders", "pymdownx.blocks.admonition",
    "pymdownx.blocks.caption", "pymdownx.blocks.definition", "pymdownx.blocks.details",
    "pymdownx.blocks.html", "pymdownx.blocks.tab",
    ]
)  # fmt: skip
SAME = {
    "codehilite": "pymdownx.highlight",
    "fenced_code": "pymdownx.superfences",
    "extra": "",
    "meta": "",
    "pymdownx.extra": "",
    "pymdownx.snippets": "",
    "markdown_inline_graphviz": "",
    "plantuml_markdown": "",
    "pymdownx.emoji": "",
}
OPTIONS: Mapping[str, tuple[str, ...]] = {
    "toc": ("permalink", "permalink_title", "toc_depth", "baselevel", "anchorlink"),
    "footnotes": ("BACKLINK_TEXT", "BACKLINK_TITLE", "SEPARATOR", "UNIQUE_IDS"),
    "smarty": ("smart_dashes", "smart_quotes", "smart_angled_quotes", "smart_ellipses"),
    "mdx_truly_sane_lists": ("nested_indent", "truly_sane"),
    "pymdownx.arithmatex": ("generic",),
    "pymdownx.betterem": ("smart_enable",),
    "pymdownx.caret": ("smart_insert", "insert", "superscript"),
    "pymdownx.critic": ("mode",),
    "pymdownx.escapeall": ("hardbreak", "nbsp"),
    "pymdownx.highlight": ("auto_title", "guess_lang", "linenums", "linenums_style", "noclasses", "use_pygments"),
    "pymdownx.inlinehilite": ("style_plain_text",),
    "pymdownx.keys": ("separator", "strict", "camel_case"),
    "pymdownx.magiclink": (
        "hide_protocol", "repo_url_shortener", "repo_url_shorthand", "provider", "user", "repo",
        "social_url_shorthand", "normalize_issue_symbols",
    ),
    "pymdownx.mark": ("smart_mark",),
    "pymdownx.progressbar": ("level_class", "progress_increment"),
    "pymdownx.smartsymbols": (
        "trademark", "copyright", "registered", "care_of", "plusminus", "arrows", "notequal", "fractions",
        "ordinal_numbers",
    ),
    "pymdownx.superfences": ("disable_indented_code_blocks", "preserve_tabs"),
    "pymdownx.tasklist": ("clickable_checkbox",),
    "pymdownx.tilde": ("smart_delete", "delete", "subscript"),
}  # fmt: skip
OURS = frozenset({("pymdownx.highlight", "noclasses"), ("pymdownx.highlight", "use_pygments")})
"""Options that make no difference here: known, and passed over in silence."""


@dataclass(frozen=True)
class Markup:
    """Extensions with their options, beside those that are always on; hashable, so that it can be compared."""

    added: tuple[tuple[str, str], ...] = ()

    @property
    def extensions(self) -> dict[str, dict[str, Any]]:
        """Every extension that is on, with its options."""
        merged = {name: dict(options) for name, options in ALWAYS.items()}
        for name, options in self.added:
            merged[name] = {**merged.get(name, {}), **json.loads(options)}
        return merged


def markup_of(listed: object) -> tuple[Markup, Told]:
    """Read `markdown_extensions`: what is on the allow-list, and what is to be told about the rest."""
    told: Told = []
    chosen: dict[str, dict[str, Any]] = {}
    for name, options in _items(listed):
        for known, allowed in _resolved(name, options, told):
            chosen[known] = {**chosen.get(known, {}), **allowed}
    return Markup(tuple((name, json.dumps(chosen[name], sort_keys=True)) for name in sorted(chosen))), told


def _items(listed: object) -> Iterator[tuple[str, Any]]:
    for item in listed.items() if isinstance(listed, dict) else listed if isinstance(listed, list) else ():
        if isinstance(item, dict):
            yield from ((str(name), options) for name, options in item.items())
        elif isinstance(item, tuple):
            yield str(item[0]), item[1]
        else:
            yield str(item), {}


def _resolved(name: str, options: Any, told: Told) -> Iterator[tuple[str, dict[str, Any]]]:
    short = name.removeprefix("markdown.extensions.")
    known = SAME.get(short, short)
    if short in ("extra", "pymdownx.extra") and isinstance(options, dict):
        for part, inner in options.items():
            yield from _resolved(str(part), inner, told)
    if not known:
        return
    if known not in ALWAYS and known not in OPTIONAL:
        told.append(("markdown_extensions", f"the extension {name} is not available"))
        return
    yield known, dict(_allowed(known, options, told))


def _allowed(name: str, options: Any, told: Told) -> Iterator[tuple[str, Any]]:
    for option, value in options.items() if isinstance(options, dict) else ():
        if (name, option) in OURS or (name, option) in (
            ("pymdownx.superfences", "custom_fences"),
            ("pymdownx.tabbed", "alternate_style"),
            ("pymdownx.highlight", "anchor_linenums"),
            ("pymdownx.highlight", "line_spans"),
            ("pymdownx.highlight", "pygments_lang_class"),
            ("pymdownx.tasklist", "custom_checkbox"),
        ):
            continue
        if option in OPTIONS.get(name, ()) and isinstance(value, str | int | bool) and len(str(value)) < 200:
            yield option, value
        else:
            told.append(("markdown_extensions", f"the option {option} of {name} is not honoured"))
