"""What `sipario catalog` prints loses nothing, be it piped or in a narrow terminal."""

from io import StringIO

from rich.console import Console
from sipario.catalog import Answer

REF = "component:default/" + "a-long-name" * 6
TITLE = "A title of [many] words, " * 12
ANSWER = Answer([], ("entity", "type", "title"), [[REF, "service", TITLE], ["component:default/b", "", "é"]])


def shown(console: Console) -> list[str]:
    assert isinstance(console.file, StringIO)
    ANSWER.show(console, as_json=False)
    return [line.rstrip() for line in console.file.getvalue().splitlines()]


def test_a_piped_table_has_a_whole_line_for_each_row() -> None:
    lines = shown(Console(file=StringIO(), force_terminal=False, width=80))
    assert len(lines) == 3
    assert lines[1] == f"{REF}  service  {TITLE.rstrip()}"
    assert lines[2].split() == ["component:default/b", "é"]


def test_a_narrow_terminal_shows_references_whole_and_all_else_folded() -> None:
    console = Console(file=StringIO(), force_terminal=True, color_system=None, width=40)
    lines = shown(console)
    assert lines[1].startswith(f"{REF}  ")
    assert not any("…" in line for line in lines)
    assert " ".join(" ".join(lines).split()).count("[many]") == 12


def test_nothing_found_is_a_table_without_rows() -> None:
    console = Console(file=StringIO(), force_terminal=False)
    Answer([], ("key", "value"), []).show(console, as_json=False)
    assert isinstance(console.file, StringIO)
    assert console.file.getvalue().split() == ["key", "value"]
