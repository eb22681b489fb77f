"""What the benchmarks share. They print figures and fail only when an answer is wrong, never for a time."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sipario_testkit.bench.figures import Figures
from sipario_testkit.bench.running import RunningPortal
from sipario_testkit.organisation import Organisation, organisation


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--results", default=os.environ.get("SIPARIO_BENCH_RESULTS"), help="a JSON file to write"
    )
    parser.addoption(
        "--alone", action="store_true", help="measure Sipario alone, without Backstage beside it"
    )
    parser.addoption("--entities", type=int, default=10_000, help="how large the large company is")


@dataclass
class Company:
    """An organisation, and a portal that is to take it in (`ingested`: it has)."""

    organisation: Organisation
    portal: RunningPortal
    ingested: list[bool] = field(default_factory=list)


@pytest.fixture(scope="session")
def figures(request: pytest.FixtureRequest) -> Figures:
    file = request.config.getoption("--results")
    return Figures(Path(file) if file else None)


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    yield from _company(1000, tmp_path_factory.mktemp("small"))


@pytest.fixture(scope="session")
def large(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    yield from _company(request.config.getoption("--entities"), tmp_path_factory.mktemp("large"))


def _company(size: int, folder: Path) -> Iterator[Company]:
    with RunningPortal(folder) as portal:
        yield Company(organisation(size), portal)
