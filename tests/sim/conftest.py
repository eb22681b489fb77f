"""Ledgers for many worlds."""

import asyncio
import logging
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import structlog
from sipario_ingestor.app import MIGRATIONS as INGESTOR
from sipario_ledger import Ledger
from sipario_techdocs.app import MIGRATIONS as TECHDOCS

OWNERS = {"ingestor": INGESTOR, "techdocs": TECHDOCS}


@pytest.fixture(autouse=True)
def silence() -> None:
    """Say nothing of what goes wrong on purpose."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a ledger with the tables of all who share it, made once: that takes as long as a fifth of a world."""
    file = tmp_path_factory.mktemp("ledger") / "migrated.db"
    asyncio.run(_prepared(file))
    return file


@pytest.fixture
def empty(migrated: Path, tmp_path: Path) -> Callable[[], str]:
    """Give the URL of an empty ledger, each time it is asked for."""

    def empty() -> str:
        return f"sqlite:///{shutil.copy(migrated, tmp_path / 'ledger.db')}"

    return empty


async def _prepared(file: Path) -> None:
    for name, migrations in OWNERS.items():
        async with Ledger.open(f"sqlite:///{file}", name=name, migrations=migrations, inline=True):
            pass
