"""Which repositories the demo organisation has."""

from collections.abc import Iterator
from pathlib import Path

from sipario_demo.history import Repository

_HOME = Path(__file__).parent
FOLDERS = _HOME / "organisation"
HISTORIES = _HOME / "histories"


def names() -> list[str]:
    """Return the names of all repositories."""
    return sorted(path.name for path in FOLDERS.iterdir() if path.is_dir())


def repositories() -> Iterator[Repository]:
    """Read every repository with its history."""
    return (Repository.read(FOLDERS / name, HISTORIES / f"{name}.yaml") for name in names())
