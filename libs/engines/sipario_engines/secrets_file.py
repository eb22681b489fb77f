"""Passwords that live beside the data they protect, readable by their owner only."""

import json
import os
import secrets
from collections.abc import Iterable
from pathlib import Path


def passwords(path: Path, names: Iterable[str]) -> dict[str, str]:
    """Read the passwords of these names from a file, making and keeping those that are not there yet."""
    kept = _read(path)
    found = {name: kept.get(name) or secrets.token_urlsafe(32) for name in names}
    if found.items() - kept.items():
        write_private(path, json.dumps(kept | found, indent=2))
    return found


def write_private(path: Path, text: str) -> None:
    """Replace a file in one step; at no moment can another user read it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    draft.replace(path)


def _read(path: Path) -> dict[str, str]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return {str(name): str(value) for name, value in found.items()} if isinstance(found, dict) else {}
