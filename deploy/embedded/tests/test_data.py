"""A data folder is for one portal and for one person."""

import stat
from pathlib import Path

import pytest
from sipario.data import Data, DataError


def test_the_usual_folder_is_below_the_home_never_in_the_checkout(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", "/somewhere")
    assert Data.usual().folder == Path("/somewhere/sipario")


def test_a_second_portal_on_the_same_data_is_told_where_the_first_is(tmp_path: Path) -> None:
    data = Data(tmp_path / "data")
    with data.locked():
        data.tell({"gateway": "http://127.0.0.1:7007"})
        with pytest.raises(DataError, match=r"already up on .* at http://127\.0\.0\.1:7007"), data.locked():
            pass
        assert data.is_held()
    assert not data.is_held()


def test_a_folder_that_cannot_be_used_is_named_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with (
        pytest.raises(DataError, match="Name another with --data"),
        Data(tmp_path / "file" / "data").locked(),
    ):
        pass


def test_secrets_are_made_once_and_nobody_else_can_read_them(tmp_path: Path) -> None:
    data = Data(tmp_path)
    assert data.secrets() == Data(tmp_path).secrets()
    assert len(set(data.secrets().values())) == len(data.secrets())
    assert stat.S_IMODE((tmp_path / "secrets.json").stat().st_mode) == 0o600


def test_the_forge_keeps_its_port_because_entities_carry_its_address(tmp_path: Path) -> None:
    assert Data(tmp_path).forge_port() == Data(tmp_path).forge_port()


def test_what_runs_is_written_for_its_owner_only_and_forgotten_at_the_end(tmp_path: Path) -> None:
    data = Data(tmp_path)
    data.tell({"token": "secret"})
    assert stat.S_IMODE((tmp_path / "run.json").stat().st_mode) == 0o600
    data.forget()
    assert data.run_state() is None
