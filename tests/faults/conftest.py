"""A portal whose processes are killed."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from sipario.testing import RunningPortal, running_portal
from sipario_testkit.harness import Harness


@pytest.fixture
def portal(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[RunningPortal]:
    """Run a portal on embedded engines, for one test alone; with the parameter `True`, each service by itself."""
    split = bool(getattr(request, "param", False))
    with running_portal(tmp_path / "portal", {}, split=split) as running:
        yield running


@pytest.fixture
async def harness(portal: RunningPortal) -> AsyncIterator[Harness]:
    """Speak to the portal as its operator, and as somebody who pushes."""
    harness = Harness.of(portal.state())
    yield harness
    await harness.close()
