"""The command as a person types it."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sipario.data import Data, DataError
from sipario.order import ORDER
from sipario.parked import lines, parked


def test_help_calls_it_by_its_name() -> None:
    command = [sys.executable, "-m", "sipario", "up", "--help"]
    told = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout
    assert "sipario up" in told
    assert "python -m" not in told


@pytest.mark.parametrize("after", [0.1, 0.3, 0.6])
def test_ctrl_c_while_it_loads_shows_no_traceback(tmp_path: Path, after: float) -> None:
    command = [sys.executable, "-m", "sipario", "status", "--data", str(tmp_path)]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    time.sleep(after)  # the moment is the point: anywhere between its first line and its end
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert "sipario" not in said or "Traceback" not in said


def test_a_folder_that_was_open_to_others_is_closed(tmp_path: Path) -> None:
    folder = tmp_path / "open"
    folder.mkdir(mode=0o755)
    with Data(folder).locked():
        assert folder.stat().st_mode & 0o777 == 0o700


def test_parked_messages_of_nothing_that_runs_are_refused_in_a_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SIPARIO_KAFKA", raising=False)
    with pytest.raises(DataError, match="SIPARIO_KAFKA"):
        parked(Data(tmp_path), ORDER)
    assert lines([]) == ["Nothing is parked."]
