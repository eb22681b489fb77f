"""The folder where a portal keeps everything: who uses it, and what is secret in it."""

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sipario_engines.ports import free_port
from sipario_engines.secrets_file import passwords, write_private

SECRETS = ("operator", "webhook", "service", "session", "forge")


class DataError(Exception):
    """The data folder cannot be used; the message says why and what to do."""


class Data:
    """One portal's data folder, for its owner only.

    It remembers the port of the dev forge: the addresses of its repositories are in every entity that came from them.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder.expanduser().resolve()

    @classmethod
    def usual(cls) -> "Data":
        """The folder that is used when none is named: never the checkout."""
        base = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
        return cls(Path(base) / "sipario")

    @classmethod
    def of(cls, folder: Path | None) -> "Data":
        """The folder that was named, or the usual one."""
        return cls(folder) if folder else cls.usual()

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the folder alone; raises `DataError` when another `sipario up` does."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self.folder.chmod(0o700)  # also when it was there before, readable for others
            lock = (self.folder / "lock").open("a+")
        except OSError as error:
            raise DataError(
                f"{self.folder} cannot be used: {error.strerror}. Name another with --data."
            ) from error
        with lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                address = (self.run_state() or {}).get("gateway", "an address that it has yet to choose")
                raise DataError(
                    f"Sipario is already up on {self.folder}, at {address}. Stop it first, or name another --data."
                ) from None
            yield

    def is_held(self) -> bool:
        """Tell whether a `sipario up` holds the folder now."""
        try:
            with (self.folder / "lock").open("r+") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        except OSError:
            return False
        return False

    def secrets(self) -> dict[str, str]:
        """Return this portal's secrets, made when they are first asked for."""
        return passwords(self.folder / "secrets.json", SECRETS)

    def forge_port(self) -> int:
        """Return the port of the dev forge, the same at every start."""
        file = self.folder / "forge-port"
        if not file.exists():
            file.write_text(str(free_port()))
        return int(file.read_text())

    def is_new(self) -> bool:
        """Tell whether nobody has decided yet if the demo organisation goes in."""
        return not (self.folder / "seeded").exists()

    def settle(self, what: str) -> None:
        """Remember what a new folder was begun with."""
        (self.folder / "seeded").write_text(f"{what}\n")

    def write(self, name: str, text: str) -> Path:
        """Write a file that only the owner can read."""
        write_private(self.folder / name, text)
        return self.folder / name

    def run_state(self) -> dict[str, Any] | None:
        """Return what the running portal wrote about itself; None when there is none."""
        try:
            found = json.loads((self.folder / "run.json").read_text())
        except (OSError, ValueError):
            return None
        return found if isinstance(found, dict) else None

    def tell(self, state: Mapping[str, Any]) -> None:
        """Write down what runs where, for `sipario status`."""
        self.write("run.json", json.dumps(state, indent=2))

    def forget(self) -> None:
        """Nothing runs any more."""
        (self.folder / "run.json").unlink(missing_ok=True)
