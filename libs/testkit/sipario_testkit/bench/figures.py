"""Figures: what was measured, beside what Backstage needs and what is to be reached."""

import json
import statistics
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from sipario_testkit.bench.processes import load_average

COLUMNS = ("figure", "Sipario", "Backstage", "ratio", "to reach", "load")


@dataclass(frozen=True)
class Figure:
    """One measured figure. `backstage` and `target` are None where there is nothing to compare with.

    `rising`: more is better. `load` is the machine's load average at the time; `detail` goes to the JSON only.
    """

    name: str
    value: float
    unit: str
    backstage: float | None = None
    target: float | None = None
    rising: bool = False
    load: float = 0.0
    detail: Mapping[str, Any] = field(default_factory=dict)

    @property
    def ratio(self) -> float | None:
        """How many times better than Backstage; below one is worse."""
        if self.backstage is None or not self.value:
            return None
        return self.value / self.backstage if self.rising else self.backstage / self.value

    def row(self) -> tuple[str, ...]:
        """The cells of a table's line."""
        reach = "" if self.target is None else f"{'>' if self.rising else '<'} {_short(self.target)}"
        return (
            self.name,
            f"{_short(self.value)} {self.unit}",
            "" if self.backstage is None else _short(self.backstage),
            "" if self.ratio is None else f"{_short(self.ratio)}x",
            f"{reach}{'' if self.reached else ' (short)'}",
            f"{self.load:.1f}",
        )

    @property
    def reached(self) -> bool:
        """Whether it is as good as it should be."""
        if self.target is None:
            return True
        return self.value >= self.target if self.rising else self.value <= self.target


class Figures:
    """Collects figures, prints each as it comes, and keeps them as JSON where that is wanted."""

    def __init__(self, file: Path | None) -> None:
        self._file = file
        self._all: list[Figure] = []
        sys.stdout.write("\n" + _line(COLUMNS))

    def add(self, name: str, value: float, unit: str, **more: Any) -> None:
        """Take one down."""
        figure = Figure(name, value, unit, load=load_average(), **more)
        self._all.append(figure)
        sys.stdout.write(_line(figure.row()))
        sys.stdout.flush()
        if self._file:
            self._file.write_text(json.dumps([asdict(each) for each in self._all], indent=1))


def percentiles(values: Sequence[float]) -> dict[str, float]:
    """Tell p50, p95 and p99 of some values, the nearest that was really seen."""
    ordered = sorted(values)
    at = {50: statistics.median_high(ordered)}
    at |= {rank: ordered[min(len(ordered) - 1, len(ordered) * rank // 100)] for rank in (95, 99)}
    return {f"p{rank}": value for rank, value in at.items()}


def _line(cells: Sequence[str]) -> str:
    widths = (46, 16, 10, 8, 16, 5)
    return "| " + " | ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)) + " |\n"


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
