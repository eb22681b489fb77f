"""Patterns over paths and addresses: `*` and `?` within a segment, `**` across segments, `{a,b}` for either."""

import re
from collections.abc import Iterable
from functools import lru_cache

_PART = re.compile(r"\*\*/|\*\*|\*|\?|\{[^{}]*\}|.", re.DOTALL)


def is_glob(text: str) -> bool:
    """Tell whether the text is a pattern rather than one path."""
    return any(character in text for character in "*?{")


def matching(pattern: str, paths: Iterable[str]) -> list[str]:
    """Return the paths that match, in their order."""
    match = compiled(pattern).fullmatch
    return [path for path in paths if match(path)]


@lru_cache(maxsize=512)
def compiled(pattern: str, *, any_case: bool = False) -> re.Pattern[str]:
    """Return the pattern as a regular expression whose stars can't make it slow: none of them can overlap."""
    merged = re.sub(r"(\*\*/)+", "**/", re.sub(r"\*{3,}", "**", pattern))
    flags = re.DOTALL | (re.IGNORECASE if any_case else 0)
    return re.compile("".join(_translated(part.group()) for part in _PART.finditer(merged)), flags)


def _translated(part: str) -> str:
    if part == "**/":
        return "(?:[^/]+/)*"
    if part == "**":
        return ".*"
    if part == "*":
        return "[^/]*"
    if part == "?":
        return "[^/]"
    if len(part) > 1:
        return "(?:" + "|".join(re.escape(choice) for choice in part[1:-1].split(",")) + ")"
    return re.escape(part)
