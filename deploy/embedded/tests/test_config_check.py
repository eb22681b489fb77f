"""`sipario config check` tells which keys are honoured, where a file was written for a Backstage."""

from pathlib import Path

from sipario.cli import app
from typer.testing import CliRunner


def checked(file: Path, text: str) -> tuple[int, str]:
    file.write_text(text)
    result = CliRunner().invoke(app, ["config", "check", str(file)])
    return result.exit_code, result.output


def test_keys_that_nobody_honours_are_named_with_their_lines(tmp_path: Path) -> None:
    text = "app:\n  title: Shop\ncatalog:\n  rules: []\n  rulez: []\n"
    code, said = checked(tmp_path / "app-config.yaml", text)
    assert code == 0
    assert "app-config.yaml:1: warning: app is not honoured" in said
    assert "app-config.yaml:5: warning: catalog.rulez is not honoured; did you mean catalog.rules?" in said
    assert "0 wrong, 2 not honoured" in said


def test_a_key_that_cannot_be_used_fails(tmp_path: Path) -> None:
    code, said = checked(tmp_path / "app-config.yaml", "catalog:\n  locations: hello\n")
    assert code == 1
    assert "app-config.yaml:2: error: catalog.locations: a list of locations" in said


def test_a_variable_that_is_not_set_fails(tmp_path: Path) -> None:
    code, said = checked(tmp_path / "app-config.yaml", "catalog:\n  readonly: ${NOT_SET_ANYWHERE}\n")
    assert code == 1
    assert "NOT_SET_ANYWHERE is not set" in said


def test_a_good_file_passes(tmp_path: Path) -> None:
    assert checked(tmp_path / "app-config.yaml", "catalog:\n  readonly: true\n")[0] == 0
