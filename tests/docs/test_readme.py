"""Every command that the docs tell people to type exists, with its options."""

import json
import re
import shlex
from pathlib import Path

import pytest
import typer
from sipario.cli import PASSED_ON, app
from sipario.order import ORDER
from typer.core import TyperCommand, TyperGroup

BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
CALL = re.compile(r"(?:^|[ (|])\./sipario ([^|)\n#]*)", re.MULTILINE)
RESERVED = 7


def commands() -> dict[str, TyperCommand]:
    """Every command by its name; one of a group by both words."""
    group = typer.main.get_command(app)
    assert isinstance(group, TyperGroup)
    found = dict(group.commands)
    for outer, each in group.commands.items():
        if isinstance(each, TyperGroup):
            found |= {f"{outer} {inner}": command for inner, command in each.commands.items()}
    return {name: each for name, each in found.items() if isinstance(each, TyperCommand)}


def calls(page: Path) -> list[list[str]]:
    blocks = BLOCK.findall(page.read_text())
    return [shlex.split(call) for block in blocks for call in CALL.findall(block)]


def known_options(command: TyperCommand) -> set[str]:
    return {option for parameter in command.params for option in parameter.opts if option.startswith("--")}


def test_commands_and_options_that_pages_name_exist(pages: list[Path]) -> None:
    there = commands()
    wrong = []
    for page in pages:
        for first, *words in calls(page):
            name = f"{first} {words[0]}" if words and f"{first} {words[0]}" in there else first
            options = {word.partition("=")[0] for word in words if word.startswith("--")}
            if name not in there:
                wrong.append(f"{page.name}: ./sipario {name}")
            elif not there[name].context_settings.items() >= PASSED_ON.items():
                wrong += [f"{page.name}: {name} {each}" for each in options - known_options(there[name])]
    assert not wrong


def test_services_and_projections_that_pages_name_exist(pages: list[Path]) -> None:
    for page in pages:
        for name, *words in calls(page):
            if name == "run":
                assert words[0] in ORDER, page
            if name == "rebuild":
                assert words[0] in ("graph", "search", "docs"), page


def test_the_readme_tells_the_two_commands_first(root: Path) -> None:
    names = [call[0] for call in calls(root / "README.md")]
    assert names[:2] == ["up", "test"]


def test_the_readme_is_read_in_two_minutes(root: Path) -> None:
    assert len((root / "README.md").read_text().split()) < 500


def test_the_screenshot_is_small(root: Path) -> None:
    pictures = list((root / "docs" / "images").iterdir())
    assert pictures
    assert all(picture.stat().st_size < 200_000 for picture in pictures)


def test_the_address_of_the_demos_repositories_is_made_of_what_status_tells(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    found = re.search(r"python3 -c '([^']*forge[^']*)'", (root / "README.md").read_text())
    assert found
    told = {"forge": {"url": "http://127.0.0.1:4000", "user": "sipario", "token": "secret"}}
    monkeypatch.setattr("json.load", lambda _file: json.loads(json.dumps(told)))
    exec(found[1], {})
    assert capsys.readouterr().out == "http://sipario:secret@127.0.0.1:4000/sipario\n"
