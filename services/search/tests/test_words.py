"""Names are split the same way wherever they come from."""

import pytest
from sipario_search.words import compounds, hidden, words


@pytest.mark.parametrize(
    ("text", "split"),
    [
        ("petStoreAPI-v2_final.json", ["pet", "store", "api", "v2", "final", "json"]),
        ("HTTPServer", ["http", "server"]),
        ("orders", ["orders"]),
        ("o" * 70, ["o" * 60]),
        ("Straße/ÜberBlick", ["straße", "über", "blick"]),
        ("group:default/team-a", ["group", "default", "team", "a"]),
        ("日本語 docs", ["日本語", "docs"]),
        ("", []),
        ("\x00\ud800--", []),
    ],
)
def test_words_are_split_at_seams(text: str, split: list[str]) -> None:
    assert words(text) == split


def test_compounds_are_names_without_their_seams() -> None:
    assert compounds("pet-store listPets plain") == ["petstore", "listpets"]


def test_hidden_words_are_those_that_an_analyzer_does_not_see() -> None:
    assert hidden("Call listPets on api.example for some Pets") == ["list", "pets", "api", "example"]
