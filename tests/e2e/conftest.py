"""One portal for all tests of this ring: on the embedded engines, and with `--engines both` on the real ones too."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from pathlib import Path

import pytest
from sipario.engines import FIELDS
from sipario.testing import RunningPortal, running_portal
from sipario_engines import EngineUnavailable, real
from sipario_testkit.harness import Harness


@pytest.fixture(scope="session", params=["embedded", pytest.param("real", marks=pytest.mark.real)])
def engines(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Mapping[str, str]]:
    """Name the engines of this ring alone, as the environment does; nothing for those that a portal starts itself."""
    if request.param == "embedded":
        yield {}
        return
    with asyncio.Runner(loop_factory=asyncio.new_event_loop) as runner:
        opening = real(tmp_path_factory.mktemp("real-engines"))
        try:
            opened = runner.run(opening.__aenter__())
        except EngineUnavailable as reason:
            pytest.skip(str(reason))
        yield {variable: getattr(opened.addresses, field) for variable, field in FIELDS.items()}
        runner.run(opening.__aexit__(None, None, None))


@pytest.fixture(scope="session")
def portal(engines: Mapping[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningPortal]:
    """Run a portal, with a configuration that a test may point file locations into."""
    with running_portal(tmp_path_factory.mktemp("portal"), engines) as running:
        yield running


@pytest.fixture
async def harness(portal: RunningPortal) -> AsyncIterator[Harness]:
    """Speak to the portal as its operator, and as somebody who pushes."""
    harness = Harness.of(portal.state())
    yield harness
    await harness.close()


@pytest.fixture
def samples() -> Path:
    """Find the folder of public samples beside the checkout; skips where it is not."""
    folder = Path(__file__).parents[3] / "shared" / "samples"
    if not folder.is_dir():
        pytest.skip(f"there are no samples beside the checkout, at {folder}")
    return folder
