"""Addresses that others wrote: which are URLs at all, and which are safe to make a link of."""

import html
import re
from collections.abc import Mapping

from pydantic_core import Url

from sipario_model.annotations import LINKS

REJECTED = "https://backstage.io/annotation-rejected-for-security-reasons"
_SAFE_SCHEMES = frozenset({"http", "https", "mailto"})
_SCRIPT_SCHEMES = frozenset({"javascript", "vbscript", "data"})
_CONTROL = re.compile(r"[\x00-\x20\x7f]")


def is_url(text: str) -> bool:
    """Tell whether the text is an absolute URL by the WHATWG rules that browsers follow."""
    return _scheme(text) is not None


def safe_url(text: str) -> bool:
    """Tell whether the text may become a link: http, https or mailto, however a browser reads it."""
    if _CONTROL.search(text.strip(" ")):
        return False
    return _scheme(text) in _SAFE_SCHEMES


def is_script(text: str) -> bool:
    """Tell whether a browser would run the text, or show what it holds, instead of going somewhere."""
    plain = _CONTROL.sub("", html.unescape(text))
    return plain.partition(":")[0].lower() in _SCRIPT_SCHEMES and ":" in plain


def safe_annotations(annotations: Mapping[str, str]) -> dict[str, str]:
    """Return the annotations, with a harmless address for those that would become links to scripts."""
    return {
        name: REJECTED if name in LINKS and is_script(value) else value for name, value in annotations.items()
    }


def _scheme(text: str) -> str | None:
    try:
        return Url(text).scheme
    except ValueError:
        return None
