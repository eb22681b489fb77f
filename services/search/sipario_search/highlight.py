"""Marks in a text what matched a question."""

import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from sipario_search.words import WORD, words

SNIPPET = 300
BEFORE = 60
SCANNED = 4_000
PARTS = 20_000


def marked(text: str, wanted: Sequence[str], *, before: str, after: str, near: bool) -> str:
    """Enclose the words of `text` that were asked for in tags; empty when there are none.

    A long text is cut to the surroundings of the first of them. What is returned is text, not HTML.
    """
    asked = [folded(word) for word in wanted]
    tokens = WORD.finditer(text, 0, SCANNED) if asked else ()
    spans = [found.span() for found in tokens if _matches(found[0], asked, near=near)]
    if not spans:
        return ""
    start = _start(text, spans[0][0])
    end = min(len(text), start + SNIPPET)
    pieces, here = [], start
    for begins, ends in spans:
        if ends <= end:
            pieces += [text[here:begins], before, text[begins:ends], after]
            here = ends
    return "".join([*pieces, text[here:end]])


def folded(word: str) -> str:
    """Write a word as it is compared: in lower case, without accents."""
    lowered = word.lower()
    if lowered.isascii():
        return lowered
    apart = unicodedata.normalize("NFKD", lowered)
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def _start(text: str, first: int) -> int:
    if len(text) <= SNIPPET or first <= BEFORE:
        return 0
    return text.rfind(" ", 0, first - BEFORE) + 1


def _matches(token: str, asked: Sequence[str], *, near: bool) -> bool:
    parts = _parts(token)
    if not parts.isdisjoint(asked):
        return True
    last = asked[-1]
    for part in parts:
        if part.startswith(last):
            return True
    return near and any(_alike(part, word) for part in parts for word in asked)


@lru_cache(PARTS)
def _parts(token: str) -> frozenset[str]:
    return frozenset((folded(token), *map(folded, words(token))))


def _alike(one: str, other: str) -> bool:
    # As OpenSearch's AUTO: up to two letters no change, up to five one, beyond that two.
    allowed = 0 if len(other) < 3 else 1 if len(other) < 6 else 2
    if abs(len(one) - len(other)) > allowed or one[:1] != other[:1]:
        return False
    return _distance(one, other) <= allowed


def _distance(one: str, other: str) -> int:
    """Count the letters to insert, drop, replace or swap with their neighbour."""
    former: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        line = [row]
        for column, wanted in enumerate(other, 1):
            cost = min(last[column] + 1, line[-1] + 1, last[column - 1] + (letter != wanted))
            swapped = row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == wanted
            line.append(min(cost, former[column - 2] + 1) if swapped else cost)
        former, last = last, line
    return last[-1]
