"""What only works in a checkout: tests, checks and benchmarks."""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
PACKAGES = ("libs", "services", "deploy", "tests", "conftest.py")
LAYOUT = ("-m", "ruff", "format", "--check", ".")
CHECKS: dict[str, Sequence[str]] = {
    "ruff check": ("-m", "ruff", "check", "."),
    "ruff format": LAYOUT,
    "mypy": ("-m", "mypy", *PACKAGES),
    "import-linter": ("-m", "importlinter.cli", "lint"),
    "house numbers": ("tests/house.py",),
}


def test(arguments: Sequence[str]) -> int:
    """Run pytest; returns its exit code."""
    return _run(("-m", "pytest", *arguments))


def lint() -> int:
    """Run every check, also after one has failed; returns 1 when any did."""
    failed = [name for name, command in CHECKS.items() if _run(command)]
    if failed:
        print(f"failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


def bench(arguments: Sequence[str]) -> int:
    """Run the benchmarks; returns their exit code."""
    return _run(("-m", "pytest", "tests/perf", "-o", "addopts=--import-mode=importlib", "-s", *arguments))


def _run(command: Sequence[str]) -> int:
    return subprocess.run([sys.executable, *command], cwd=ROOT, env=os.environ, check=False).returncode  # noqa: S603
