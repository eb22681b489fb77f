"""`sipario config check` tells which keys are honoured, where a file was written for a Backstage."""

from pathlib import Path

import pytest
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
    code, said = checked(
        tmp_path / "app-config.yaml", "catalog:\n  readonly: ${NOT_SET_ANYWHERE}\n  rules: x\n"
    )
    assert code == 1
    assert "app-config.yaml:3: error: catalog.rules: a list of rules" in said
    assert "app-config.yaml:2: error: catalog.readonly: the variable NOT_SET_ANYWHERE is not set" in said


def test_what_a_provider_lacks_is_told_with_its_line(tmp_path: Path) -> None:
    text = "auth:\n  providers:\n    acme:\n      development: {clientId: a}\n"
    code, said = checked(tmp_path / "app-config.yaml", text)
    assert code == 1
    assert "app-config.yaml:4: auth.providers.acme.development.metadataUrl: a text is expected" in said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("integrations:\n  gitea:\n    - token: abc\n", "3: integrations.gitea[0].host"),
        ("catalog:\n  orphanGrace: soonish\n", "2: catalog.orphanGrace: a duration as"),
        ("catalog:\n  providers:\n    awsS3: {main: {}}\n", "3: catalog.providers.awsS3.main.bucketName"),
    ],
)
def test_what_up_cannot_use_ends_it_before_anything_is_started(tmp_path: Path, text: str, said: str) -> None:
    assert checked(tmp_path / "app-config.yaml", text)[0] == 1
    file = tmp_path / "app-config.yaml"
    result = CliRunner().invoke(app, ["up", "--data", str(tmp_path / "data"), "--config", str(file)])
    assert result.exit_code == 1
    assert f"app-config.yaml:{said}" in result.output
    assert not (tmp_path / "data").exists()


def test_a_good_file_passes(tmp_path: Path) -> None:
    assert checked(tmp_path / "app-config.yaml", "catalog:\n  readonly: true\n")[0] == 0
