"""Prints the house numbers (function and file sizes, docstrings, broad excepts) and fails beyond the hard limits."""

import ast
import statistics
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
LONGEST_FUNCTION = 50
LONGEST_FILE = 400
Function = ast.FunctionDef | ast.AsyncFunctionDef


def sources() -> Iterator[Path]:
    """Yield the product's own Python files, without tests and migrations."""
    for folder in ("libs", "services", "deploy", "plugins"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            if not {"tests", "migrations", "node_modules", "ui"} & set(path.relative_to(ROOT).parts):
                yield path


def body_lines(function: Function) -> int:
    """Count a function's lines without its docstring."""
    lines = (function.end_lineno or function.lineno) - function.lineno + 1
    first = function.body[0]
    if ast.get_docstring(function) is not None:
        lines -= (first.end_lineno or first.lineno) - first.lineno + 1
    return lines


def quantile(numbers: list[int], tenths: int) -> int:
    """Return the given tenth of sorted numbers."""
    return sorted(numbers)[min(len(numbers) - 1, len(numbers) * tenths // 10)]


def main() -> int:
    """Measure, print, judge."""
    functions: list[int] = []
    files: list[int] = []
    broad, complaints = 0, []
    for path in sources():
        text = path.read_text()
        tree = ast.parse(text)
        files.append(text.count("\n"))
        name = path.relative_to(ROOT)
        if files[-1] > LONGEST_FILE:
            complaints.append(f"{name}: {files[-1]} lines, at most {LONGEST_FILE}")
        for node in ast.walk(tree):
            if isinstance(node, Function):
                functions.append(body_lines(node))
                if functions[-1] > LONGEST_FUNCTION:
                    complaints.append(f"{name}:{node.lineno} {node.name}: {functions[-1]} lines")
            if isinstance(node, ast.ExceptHandler) and getattr(node.type, "id", "") in (
                "Exception",
                "BaseException",
            ):
                broad += 1
    print(
        f"{len(files)} files, median {statistics.median(files):.0f}, p90 {quantile(files, 9)} lines; "
        f"{len(functions)} functions, median {statistics.median(functions):.0f}, p90 {quantile(functions, 9)} lines; "
        f"{broad} broad excepts"
    )
    for complaint in complaints:
        print(f"too long: {complaint}")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
