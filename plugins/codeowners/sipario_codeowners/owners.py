"""The rules of a CODEOWNERS file, as the hosts write them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Self

from sipario_codeowners.pattern import Pattern

_WORD = re.compile(r'(?:\\.|"[^"]*"|[^\s\\"])+')
_SECTION = re.compile(r"\^?\[[^\]]*\](?:\[\d+\])?(.*)")
_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


@dataclass(frozen=True, slots=True)
class Rule:
    """A pattern and its first owner as an entity ref; empty where a file belongs to nobody."""

    pattern: Pattern
    owner: str


@dataclass(frozen=True, slots=True)
class Owners:
    """The rules in the order of the file: the last one that fits counts."""

    rules: tuple[Rule, ...]

    @classmethod
    def read(cls, text: str, host: str) -> Self:
        """Read a file as this type of host does; lines that say nothing are passed over."""
        rules: list[Rule] = []
        default = ""
        for line in map(str.strip, text.splitlines()):
            section = _SECTION.fullmatch(line) if host == "gitlab" else None
            if section:
                default = _first(_words(section[1]), host)
                continue
            words = _words(line)
            if not words or words[0].startswith("@@@"):  # a group made up for this file
                continue
            rules.append(_rule(words, default, host))
        return cls(tuple(rules))

    def of(self, path: str) -> str:
        """Return the owner of a file; empty when it has none."""
        parts = tuple(path.split("/"))
        return next((rule.owner for rule in reversed(self.rules) if rule.pattern.fits(parts)), "")


def _words(line: str) -> list[str]:
    """Part a line at its spaces, up to a comment."""
    found: list[str] = []
    for word in _WORD.findall(line):
        if word.startswith("#"):
            break
        found.append(word.replace('"', ""))
    return found


def _rule(words: list[str], default: str, host: str) -> Rule:
    path, *owners = words
    if host == "gitlab" and path.startswith("!"):
        return Rule(Pattern.of(path[1:], host), "")
    return Rule(Pattern.of(path, host), _first(owners, host) if owners else default)


def _first(words: Iterable[str], host: str) -> str:
    return next((owner for owner in (_owner(word, host) for word in words) if owner), "")


@lru_cache(1_000)
def _owner(word: str, host: str) -> str:
    """Say an owner as an entity ref: `@org/team` is team, `@user` a User, and an e-mail what stands before its @."""
    if word.startswith("@@"):  # a role on GitLab, elsewhere a group of the host
        return "" if host == "gitlab" else word[2:]
    if _MAIL.fullmatch(word.removeprefix("@")):
        return word.removeprefix("@").partition("@")[0]
    if not word.startswith("@"):
        return ""
    name = word[1:]
    return name.rpartition("/")[2] if "/" in name else f"User:{name}" if name else ""
