"""Configuration files are read as Backstage reads them."""

from pathlib import Path

import pytest
from sipario_kit.configuration import ConfigurationError, load, section


def written(folder: Path, name: str, text: str) -> Path:
    file = folder / name
    file.write_text(text)
    return file


def test_later_files_win_and_lists_are_replaced(tmp_path: Path) -> None:
    first = written(tmp_path, "a.yaml", "a: {b: 1, c: [1, 2]}\nd: 4\n")
    second = written(tmp_path, "b.yaml", "a: {c: [3]}\n")
    assert load([first, second], {}) == {"a": {"b": 1, "c": [3]}, "d": 4}


def test_variables_come_from_the_environment(tmp_path: Path) -> None:
    file = written(tmp_path, "a.yaml", 'a: "${NAME}-${OTHER:-none}-$${NAME}"\n')
    assert load([file], {"NAME": "x"}) == {"a": "x-none-${NAME}"}


def test_a_variable_that_is_not_set_is_named_with_its_file(tmp_path: Path) -> None:
    file = written(tmp_path, "a.yaml", "a: ${MISSING}\n")
    with pytest.raises(ConfigurationError, match=r"a\.yaml: the variable MISSING is not set"):
        load([file], {})


def test_env_and_file_stand_for_their_text(tmp_path: Path) -> None:
    written(tmp_path, "secret", "s3cret\n")
    file = written(tmp_path, "a.yaml", "a: {$env: NAME}\nb: {$file: secret}\n")
    assert load([file], {"NAME": "x"}) == {"a": "x", "b": "s3cret"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: [\n", r"a\.yaml:\d"),
        ("a: 1\na: 2\n", r"a\.yaml:2"),
        ("a: 1\n---\nb: 2\n", "one document is expected"),
    ],
)
def test_what_cannot_be_used_is_told_with_its_place(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        load([written(tmp_path, "a.yaml", text)], {})


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="cannot be read"):
        load([tmp_path / "none.yaml"], {})


def test_a_section_is_picked_by_its_path() -> None:
    configuration = {"backend": {"reading": {"allow": [1]}}}
    assert section(configuration, "backend.reading.allow") == [1]
    assert section(configuration, "backend.nothing", "fallback") == "fallback"
