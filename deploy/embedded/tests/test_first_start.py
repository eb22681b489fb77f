"""A first start says what it is at, also where no terminal is, and its end leaves ledgers in one file each."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

from sipario_engines.ports import free_port

SCRIPT = Path(__file__).parents[3] / "sipario"
# Makes what is asked for as a venv, and installs nothing.
UV = """#!/bin/sh
for last; do :; done
[ "$1" != venv ] || { mkdir -p "$last/bin"; printf '#!/bin/sh\\n' >"$last/bin/python"; chmod +x "$last/bin/python"; }
"""


def test_the_script_names_each_stage_and_says_nothing_when_all_is_there(tmp_path: Path) -> None:
    shutil.copy(SCRIPT, tmp_path / "sipario")
    (tmp_path / "requirements.lock").touch()
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "uv").write_text(UV)
    (tmp_path / "bin" / "uv").chmod(0o755)
    env = {**os.environ, "PATH": f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}"}
    said = [
        subprocess.run(
            [str(tmp_path / "sipario"), "up"], env=env, capture_output=True, text=True, check=True, timeout=60
        ).stderr
        for _ in range(2)
    ]
    assert ["1 of 3" in said[0], "2 of 3" in said[0], "web UI" in said[0], "3 of 3" in said[0]] == [True] * 4
    assert said[1] == ""


def test_up_says_each_stage_as_a_line_and_a_clean_end_leaves_whole_files(tmp_path: Path) -> None:
    data = tmp_path / "data"
    command = [sys.executable, "-m", "sipario", "up", "--empty"]
    command += ["--data", str(data), "--port", str(free_port())]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said: list[str] = []
        while not said or "is ready at" not in said[-1]:
            said.append(process.stdout.readline())
            assert said[-1], said
        assert said[0].startswith("Starting engines and services")
        assert said[1].startswith("Waiting until")
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=60) == 0
    assert sorted(each.name for each in data.glob("*.db*")) == ["gateway.db", "ingestor.db", "techdocs.db"]
    assert all(each.stat().st_size > 4096 for each in data.glob("*.db"))
