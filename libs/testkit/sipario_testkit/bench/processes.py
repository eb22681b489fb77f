"""What the processes of a portal cost, read from the kernel (Linux)."""

import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")
TICKS = os.sysconf("SC_CLK_TCK")
MEGABYTE = 1 << 20
NAMES = {"sipario_forge": "forge", "sipario_techdocs.rendering": "rendering"}


@dataclass(frozen=True)
class Cost:
    """What one process has cost until now: CPU seconds, and memory in megabytes, shared pages in part or in full."""

    cpu: float
    rss: float
    pss: float


def costs(root: int, names: Mapping[int, str]) -> dict[str, Cost]:
    """Tell what a process and all below it cost, by name; those of one name are summed."""
    found: dict[str, Cost] = {}
    for pid in _family(root):
        with suppress(OSError, ValueError):
            name, cost = names.get(pid) or _name(pid), _cost(pid)
            known = found.get(name, Cost(0.0, 0.0, 0.0))
            found[name] = Cost(known.cpu + cost.cpu, known.rss + cost.rss, known.pss + cost.pss)
    return found


def spent(before: Mapping[str, Cost], after: Mapping[str, Cost]) -> dict[str, float]:
    """Tell the CPU seconds that each spent between two looks."""
    nothing = Cost(0.0, 0.0, 0.0)
    return {name: round(cost.cpu - before.get(name, nothing).cpu, 2) for name, cost in after.items()}


def disk(folder: Path) -> int:
    """Tell the bytes that the files of a folder occupy."""
    return sum(each.stat().st_blocks * 512 for each in folder.rglob("*") if each.is_file())


def load_average() -> float:
    """Tell how many processes wanted a core in the last minute, on average."""
    return os.getloadavg()[0]


def _family(root: int) -> Iterator[int]:
    yield root
    for task in (PROC / str(root) / "task").glob("*"):
        with suppress(OSError):
            for child in (task / "children").read_text().split():
                yield from _family(int(child))


def _cost(pid: int) -> Cost:
    # The fields after the command's name, which may hold spaces: user and system time are the 12th and 13th.
    fields = (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    memory = dict(_kilobytes(PROC / str(pid) / "smaps_rollup"))
    cpu = (int(fields[11]) + int(fields[12])) / TICKS
    return Cost(cpu, memory["Rss"] * 1024 / MEGABYTE, memory["Pss"] * 1024 / MEGABYTE)


def _kilobytes(file: Path) -> Iterator[tuple[str, int]]:
    for line in file.read_text().splitlines()[1:]:
        name, _, value = line.partition(":")
        yield name, int(value.split()[0])


def _name(pid: int) -> str:
    words = (PROC / str(pid) / "cmdline").read_bytes().decode(errors="replace").split("\0")
    return next((NAMES[word] for word in words if word in NAMES), Path(words[0]).name)
