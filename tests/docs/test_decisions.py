"""Decisions are short, whole, numbered, and in the index."""

import re
from pathlib import Path

import pytest

RECORDS = sorted((Path(__file__).parents[2] / "docs" / "adr").glob("0*.md"))
SECTIONS = ["Context", "Decision", "Consequences", "Alternatives", "Enforced by"]
PLACE = re.compile(r"`((?:tests|libs|plugins|services|deploy)/[^`*]+?\.(?:py|md)|\.importlinter|\.ci/run)`")


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.stem)
def test_a_record_is_short_and_whole(record: Path) -> None:
    text = record.read_text()
    assert text.count("\n") <= 60
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == SECTIONS
    assert re.search(r"^Status: \w.* · Area: .+ · Date: \d{4}-\d\d-\d\d$", text, re.MULTILINE)
    assert text.startswith(f"# {record.stem[:4]} ")


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.stem)
def test_what_enforces_it_exists(record: Path, root: Path) -> None:
    enforced = record.read_text().partition("## Enforced by")[2]
    missing = [place for place in PLACE.findall(enforced) if not list(root.glob(place))]
    assert not missing


def test_the_index_names_every_record_with_its_title(root: Path) -> None:
    index = (root / "docs" / "adr" / "index.md").read_text()
    for record in RECORDS:
        title = record.read_text().splitlines()[0].removeprefix("# ")
        assert f"[{title}]({record.name})" in index
    assert [int(record.stem[:4]) for record in RECORDS] == list(range(1, len(RECORDS) + 1))
