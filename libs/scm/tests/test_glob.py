"""Patterns fit what they always did, and none of them takes long."""

import itertools
import random
import re
import time

import pytest
from sipario_scm.glob import LONGEST, MOST_KNOWN, Glob, is_glob, matching


@pytest.mark.parametrize(
    ("pattern", "fits", "fits_not"),
    [
        ("*.yaml", ["a.yaml", ".yaml"], ["a/b.yaml", "a.yml"]),
        ("**/*.yaml", ["a.yaml", "a/b.yaml", "a/b/c.yaml"], ["a.yml"]),
        ("docs/**", ["docs/", "docs/a", "docs/a/b"], ["docs", "doc/a"]),
        ("a/**/b", ["a/b", "a/x/b", "a/x/y/b"], ["ab", "a//b", "a/xb"]),
        ("a**b", ["ab", "a/x/b"], ["a"]),
        ("{a,bc,}d?", ["ad1", "bcdx", "dx"], ["ad", "ad/", "bd1"]),
        ("*{abcd,b}*c*", ["abcd", "abcdc"], ["ab"]),
        ("*a/b*", ["aa/b", "a/bb"], ["a/a/b"]),
        ("a.b[c](d)", ["a.b[c](d)"], ["aXb[c](d)"]),
    ],
)
def test_a_pattern_fits_whole_paths(pattern: str, fits: list[str], fits_not: list[str]) -> None:
    assert matching(pattern, [*fits, *fits_not]) == fits
    assert is_glob(pattern) or pattern == fits[0]


def test_case_counts_unless_it_is_said_not_to() -> None:
    assert not Glob("Shop-*").matches("shop-a")
    assert Glob("Shop-*", any_case=True).matches("sHOP-A")


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("*a" * 20 + "b.yaml", "a" * 200),
        ("**/*a" * 20 + "b", "a/" * 100),
        ("{a,aa}" * 30 + "b", "a" * 60),
        ("**a*" * 200, "a/" * 2_000 + "b"),
    ],
)
def test_no_pattern_takes_long(pattern: str, text: str) -> None:
    start = time.process_time()
    assert not Glob(pattern).matches(f"{text}!/c")
    assert time.process_time() - start < 2


def test_a_pattern_that_is_far_too_long_fits_nothing() -> None:
    assert Glob("*" * LONGEST).matches("a")
    assert not Glob("*" * (LONGEST + 1)).matches("a")


def test_what_is_remembered_of_former_paths_is_bounded() -> None:
    glob = Glob("*")
    assert all(glob.matches(chr(0x4E00 + number)) for number in range(MOST_KNOWN))
    assert all(glob.matches(f"a{chr(0x4E00 + number)}") for number in range(10))
    assert Glob("*a").matches("/a") is False


@pytest.mark.parametrize("seed", range(40))
def test_it_fits_what_a_regular_expression_of_the_same_meaning_fits(seed: int) -> None:
    chance = random.Random(seed)
    parts = {"a": "a", "b": "b", "/": "/", "*": "[^/]*", "?": "[^/]", "**": ".*", "{a,b/}": "(?:a|b/)"}
    for _ in range(10):
        _compare(chance, parts)


def _compare(chance: random.Random, parts: dict[str, str]) -> None:
    chosen = [chance.choice(list(parts)) for _ in range(chance.randint(1, 6))]
    kept = [
        part for before, part in itertools.pairwise(["", *chosen]) if not {before, part} <= {"*", "**", "/"}
    ]
    pattern, wanted = "".join(kept), re.compile("".join(parts[part] for part in kept))
    if "**/" in pattern:
        return
    texts = ["".join(chance.choices("ab/", k=chance.randint(0, 8))) for _ in range(50)]
    assert matching(pattern, texts) == [text for text in texts if wanted.fullmatch(text)]
