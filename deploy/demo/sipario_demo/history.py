"""The history of a repository: its files as they are today, and what each commit changed to get there.

A history is a YAML file with the repository's `description` and its `commits`, the oldest first. A commit has
`author`, `date`, `message`, and says what it did: `adds` names files (globs) that were not there before, `changes`
replaces one text by another in a file, `removes` deletes a file, whose text it gives. What no commit adds was there
from the first. So the files of each commit follow from those of today, walking backwards.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Self

import yaml

Files = Mapping[str, str]


class HistoryError(ValueError):
    """A history that does not fit its files; says which commit of which repository."""


@dataclass(frozen=True)
class Replacement:
    """A text that became another in a file where the new one occurs once."""

    was: str
    now: str

    def undone(self, text: str) -> str:
        """Return the text as it was before; raises HistoryError."""
        if text.count(self.now) != 1:
            raise HistoryError(f"{self.now!r} occurs {text.count(self.now)} times, not once")
        return text.replace(self.now, self.was)


@dataclass(frozen=True)
class Step:
    """One commit as its author would tell it."""

    author: str
    date: datetime
    message: str
    adds: tuple[str, ...] = ()
    changes: Mapping[str, tuple[Replacement, ...]] = field(default_factory=dict)
    removes: Files = field(default_factory=dict)

    @classmethod
    def of(cls, entry: Mapping[str, Any]) -> Self:
        """Read one item of `commits`."""
        changes = entry.get("changes") or {}
        return cls(
            author=entry["author"],
            date=datetime.fromisoformat(entry["date"]),
            message=entry["message"].strip() + "\n",
            adds=tuple(entry.get("adds") or ()),
            changes={path: tuple(Replacement(**each) for each in edits) for path, edits in changes.items()},
            removes=entry.get("removes") or {},
        )

    def undone(self, files: Files) -> dict[str, str]:
        """Return the files as they were before this commit; raises HistoryError."""
        before = dict(files)
        for path, edits in self.changes.items():
            for edit in reversed(edits):
                before[path] = edit.undone(before[path])
        added = [path for path in before if any(fnmatchcase(path, pattern) for pattern in self.adds)]
        if self.adds and not added:
            raise HistoryError(f"no file is called {' or '.join(self.adds)}")
        for path in added:
            del before[path]
        return {**before, **self.removes}


@dataclass(frozen=True)
class Version:
    """A commit, and all files as it leaves them."""

    step: Step
    files: Files


@dataclass(frozen=True)
class Repository:
    """A repository: its name, what it is for, and its versions, the oldest first."""

    name: str
    description: str
    versions: tuple[Version, ...]

    @classmethod
    def read(cls, folder: Path, history: Path) -> Self:
        """Read the files of today and the history that led to them; raises HistoryError."""
        told = yaml.safe_load(history.read_text(encoding="utf-8"))
        steps = [Step.of(entry) for entry in told["commits"]]
        return cls(folder.name, told["description"], _versions(folder, steps))


def _versions(folder: Path, steps: list[Step]) -> tuple[Version, ...]:
    files: Files = {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
    versions: list[Version] = []
    for step in reversed(steps):
        versions.append(Version(step, files))
        try:
            files = step.undone(files)
        except (HistoryError, KeyError) as error:
            raise HistoryError(f"{folder.name}, commit {step.message.strip()!r}: {error}") from error
    return tuple(reversed(versions))
