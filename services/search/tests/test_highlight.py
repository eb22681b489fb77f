"""What matched is marked in text that stays text."""

import pytest
from sipario_search.highlight import marked


def mark(text: str, *wanted: str, near: bool = False) -> str:
    return marked(text, wanted, before="[", after="]", near=near)


@pytest.mark.parametrize(
    ("text", "wanted", "result"),
    [
        ("Sells pets, <b>pets</b>", ["pets"], "Sells [pets], <b>[pets]</b>"),
        ("The pet-store", ["pet", "sto"], "The [pet]-[store]"),
        ("petStoreAPI", ["store"], "[petStoreAPI]"),
        ("Müller", ["muller"], "[Müller]"),
        ("nothing here", ["pets"], ""),
        ("prefix", ["pre", "other"], ""),
    ],
)
def test_words_that_were_asked_for_are_enclosed(text: str, wanted: list[str], result: str) -> None:
    assert mark(text, *wanted) == result


@pytest.mark.parametrize(
    ("typed", "same"),
    [("chekout", True), ("checkotu", True), ("hceckout", False), ("chck", False), ("checkin", False)],
)
def test_words_that_are_spelled_alike_are_enclosed_when_they_count(typed: str, *, same: bool) -> None:
    assert bool(mark("checkout", typed, near=True)) is same
    assert mark("checkout", typed) == ""


def test_a_long_text_is_cut_around_the_first_match() -> None:
    text = "word " * 500 + "needle " + "word " * 500
    found = mark(text, "needle")
    assert "[needle]" in found
    assert len(found) <= 302
    assert found.startswith("word")
