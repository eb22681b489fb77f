"""What only works in a checkout: tests, checks and benchmarks."""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def checks() -> dict[str, Sequence[str]]:
    """Name every check and what it runs."""
    members = sorted(path.parent for path in ROOT.glob("*/*/pyproject.toml"))
    packages = [each.name for member in members for each in member.glob("sipario*") if each.is_dir()]
    tests = [str(member / "tests") for member in members if (member / "tests").is_dir()]
    # Packages by name and tests by path: test folders of different members have files of the same name.
    return {
        "ruff check": ("-m", "ruff", "check", "."),
        "ruff format": ("-m", "ruff", "format", "--check", "."),
        "mypy": ("-m", "mypy", *(word for name in packages for word in ("-p", name))),
        "mypy, tests": ("-m", "mypy", "--explicit-package-bases", *tests, "tests", "conftest.py"),
        "import ladder": ("-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"),
        "house numbers": ("tests/house.py",),
    }


def test(arguments: Sequence[str]) -> int:
    """Run pytest; returns its exit code."""
    return _run(("-m", "pytest", *arguments))


def lint() -> int:
    """Run every check, also after one has failed; returns 1 when any did."""
    failed = [name for name, command in checks().items() if _run(command)]
    if failed:
        print(f"failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


def bench(arguments: Sequence[str]) -> int:
    """Run the benchmarks, or the one that is named first (`catalog`); returns their exit code."""
    what, rest = "tests/perf", list(arguments)
    if rest and (ROOT / f"tests/perf/test_{rest[0]}.py").exists():
        what = f"tests/perf/test_{rest.pop(0)}.py"
    return _run(("-m", "pytest", what, "-o", "addopts=--import-mode=importlib", "-s", *rest))


def _run(command: Sequence[str]) -> int:
    return subprocess.run([sys.executable, *command], cwd=ROOT, env=os.environ, check=False).returncode  # noqa: S603
