"""Addresses that others wrote: which are URLs at all, and which are safe to make a link of."""

import re
from collections.abc import Mapping

from pydantic_core import Url

from sipario_model.annotations import LINKS

REJECTED = "https://backstage.io/annotation-rejected-for-security-reasons"
_SAFE_SCHEMES = frozenset({"http", "https", "mailto"})
_SCRIPT_SCHEMES = frozenset({"javascript", "vbscript", "data"})
_CONTROL = re.compile(r"[\x00-\x20\x7f]")
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|colon|tab|newline);?", re.IGNORECASE)


def is_url(text: str) -> bool:
    """Tell whether the text is an absolute URL by the WHATWG rules that browsers follow."""
    return _scheme(text) is not None


def safe_url(text: str) -> bool:
    """Tell whether the text may become a link: http, https or mailto, and nothing a browser could read otherwise."""
    if _CONTROL.search(text.strip(" ")):
        return False
    return _scheme(text) in _SAFE_SCHEMES


def is_script(text: str) -> bool:
    """Tell whether a browser would run the text, or show what it holds, instead of going somewhere."""
    plain = _CONTROL.sub("", _ENTITY.sub(_decoded, text))
    return plain.partition(":")[0].lower() in _SCRIPT_SCHEMES and ":" in plain


def safe_annotations(annotations: Mapping[str, str]) -> dict[str, str]:
    """Return the annotations with script URLs among those that become links replaced by a harmless address."""
    return {
        name: REJECTED if name in LINKS and is_script(value) else value
        for name, value in annotations.items()
    }


def _scheme(text: str) -> str | None:
    try:
        return Url(text).scheme
    except ValueError:
        return None


def _decoded(entity: re.Match[str]) -> str:
    names = {"colon": ":", "tab": "\t", "newline": "\n"}
    body = entity.group(0)[1:].rstrip(";").lower()
    if body in names:
        return names[body]
    number = int(body[2:], 16) if body.startswith("#x") else int(body[1:])
    return chr(number) if number < 0x110000 else ""
