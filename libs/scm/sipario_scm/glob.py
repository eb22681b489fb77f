"""Patterns over paths and addresses: `*` and `?` within a segment, `**` across segments, `{a,b}` for either.

People who may not be trusted write them, so they are matched without going back: time grows with the length of the
text times that of the pattern, whatever stands in either. (A regular expression of as many stars never ends.)
"""

import re
from collections.abc import Iterable
from functools import lru_cache

LONGEST = 1_000
MOST_KNOWN = 20_000

_PART = re.compile(r"\*\*/|\*\*|\*|\?|\{[^{}]*\}|.", re.DOTALL)
_TAIL = re.compile(r"[*?}]")
_ANY, _WITHIN = "any", "within"


def is_glob(text: str) -> bool:
    """Tell whether the text is a pattern rather than one path."""
    return any(character in text for character in "*?{")


def matching(pattern: str, paths: Iterable[str]) -> list[str]:
    """Return the paths that match, in their order."""
    glob = Glob.of(pattern)
    return [path for path in paths if glob.matches(path)]


class Glob:
    """A pattern as an automaton that stands in several states at once. One longer than 1,000 letters fits nothing."""

    def __init__(self, pattern: str, *, any_case: bool = False) -> None:
        self._any_case = any_case
        self._moves: list[list[tuple[str, int]]] = [[]]
        self._skips: list[list[int]] = [[]]
        self._known: dict[frozenset[int], _Standing] = {}
        self._steps = 0
        fits = len(pattern) <= LONGEST
        for part in _PART.finditer(pattern.lower() if any_case else pattern) if fits else ():
            self._add(part.group())
        self._end = len(self._moves) - 1 if fits else -1
        # What follows the last star stands there as it is: most paths are told from that, without a step.
        self._tail = _TAIL.split(pattern.lower() if any_case else pattern)[-1].removeprefix("/")

    @staticmethod
    @lru_cache(maxsize=512)
    def of(pattern: str, *, any_case: bool = False) -> "Glob":
        """Return the pattern, made ready once."""
        return Glob(pattern, any_case=any_case)

    def matches(self, text: str) -> bool:
        """Tell whether the whole text fits."""
        text = text.lower() if self._any_case else text
        if not text.endswith(self._tail):
            return False
        here = self._standing(self._closed({0}))
        for character in text:
            here = here[character]
            if not here.states:
                return False
        return self._end in here.states

    def after(self, states: frozenset[int], character: str) -> "_Standing":
        """Take one step from where one stands; what is remembered of former steps is bounded."""
        self._steps += 1
        if self._steps > MOST_KNOWN:
            self._steps = 0
            self._known = {}
        return self._standing(
            self._closed(
                {to for state in states for wanted, to in self._moves[state] if _fits(wanted, character)}
            )
        )

    def _standing(self, states: frozenset[int]) -> "_Standing":
        found = self._known.get(states)
        if found is None:
            found = self._known[states] = _Standing(self, states)
        return found

    def _closed(self, states: set[int]) -> frozenset[int]:
        """Add what is reached without a letter."""
        left = list(states)
        while left:
            new = [to for to in self._skips[left.pop()] if to not in states]
            states.update(new)
            left += new
        return frozenset(states)

    def _add(self, part: str) -> None:
        """Lengthen the automaton by one part of the pattern."""
        start = len(self._moves) - 1
        if part == "**/":
            inside, end = self._state(), self._state()
            self._skips[start].append(end)
            self._moves[start].append((_WITHIN, inside))
            self._moves[inside] += [(_WITHIN, inside), ("/", start)]
        elif part in ("*", "**"):
            self._moves[start].append((_WITHIN if part == "*" else _ANY, start))
            self._skips[start].append(self._state())
        elif len(part) > 1:
            ends = [self._word(start, choice) for choice in part[1:-1].split(",")]
            end = self._state()
            for each in ends:
                self._skips[each].append(end)
        else:
            self._word(start, part, any_="?")

    def _word(self, state: int, word: str, *, any_: str = "") -> int:
        """Follow a state by the letters of a word, and return the last one."""
        for letter in word:
            following = self._state()
            self._moves[state].append((_WITHIN if letter == any_ else letter, following))
            state = following
        return state

    def _state(self) -> int:
        self._moves.append([])
        self._skips.append([])
        return len(self._moves) - 1


class _Standing(dict[str, "_Standing"]):
    """Where one stands in an automaton, and where each letter that was seen there leads."""

    def __init__(self, glob: Glob, states: frozenset[int]) -> None:
        super().__init__()
        self.states = states
        self._glob = glob

    def __missing__(self, character: str) -> "_Standing":
        found = self[character] = self._glob.after(self.states, character)
        return found


def _fits(wanted: str, character: str) -> bool:
    return wanted in (character, _ANY) or (wanted == _WITHIN and character != "/")
