"""Lists nest as they are meant, by however many spaces."""

import re

import pytest
from sipario_model import EntityRef
from sipario_techdocs.site import site

REF = EntityRef("component", "default", "tickets")


def shape(text: str) -> str:
    page = site({"docs/index.md": text.encode()}, ref=REF).pages["index.md"].html
    return re.sub(r"\s+|</?(?:p|span)[^>]*>", "", page)


def nested(step: int, gap: str) -> str:
    lines = ["- a", "- b", f"{' ' * step}- c", f"{' ' * 2 * step}- d", f"{' ' * step}- e", "- f"]
    return shape(gap.join(lines))


@pytest.mark.parametrize("step", [2, 3, 4])
def test_two_three_and_four_spaces_nest_alike(step: int) -> None:
    deep = "<ul><li>c<ul><li>d</li></ul></li><li>e</li></ul>"
    assert nested(step, "\n") == f"<ul><li>a</li><li>b{deep}</li><li>f</li></ul>"
    assert nested(step, "\n\n") == nested(2, "\n\n")


@pytest.mark.parametrize("step", [3, 4])
def test_numbers_nest_too(step: int) -> None:
    assert (
        shape(f"1. a\n{' ' * step}1. b\n{' ' * step}2. c\n2. d\n")
        == "<ol><li>a<ol><li>b</li><li>c</li></ol></li><li>d</li></ol>"
    )


def test_paragraphs_and_fences_stay_in_their_item() -> None:
    made = shape("- a\n\n    more\n\n    ```\n    - x\n        - y\n    ```\n\n    - b\n\n- c\n")
    assert made.startswith("<ul><li>amore<div")
    assert "<code>-x-y</code>" in made
    assert made.endswith("<ul><li>b</li></ul></li></ul><ul><li>c</li></ul>")


def test_lists_in_admonitions_nest() -> None:
    assert "<ul><li>a<ul><li>b</li></ul></li></ul></div>" in shape("!!! note\n\n    - a\n        - b\n")


def test_code_stays_as_it_was_written() -> None:
    page = site({"docs/index.md": b"Text\n\n    - a\n        - b\n"}, ref=REF).pages["index.md"].html
    assert "- a\n    - b\n" in re.sub(r"</?span[^>]*>", "", page)
