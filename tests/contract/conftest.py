"""A portal with a small catalog, and the client of Backstage to ask it."""

import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from sipario.testing import RunningPortal, running_portal
from sipario_testkit.harness import Harness
from sipario_testkit.node import CatalogClient, NodeUnavailable, install

HERE = Path(__file__).parent
REPOSITORY = "contract-box"
TEAM = {"kind": "Group", "metadata": {"name": "team"}, "spec": {"type": "team", "children": []}}


def component(name: str, type_: str, **metadata: Any) -> dict[str, Any]:
    """Describe a component of the team."""
    return {
        "kind": "Component",
        "metadata": {"name": name, **metadata},
        "spec": {"type": type_, "lifecycle": "production", "owner": "team"},
    }


COMPONENTS = [
    component(
        "Alpha", "service", title="First", tags=["java", "web"], annotations={"sipario.example/a.b": "x"}
    ),
    component("beta", "service", tags=["java"]),
    component("gamma", "library"),
    component("delta", "website", description="Pays"),
    component("epsilon", "service"),
]
FILE = "\n---\n".join(
    yaml.safe_dump({"apiVersion": "backstage.io/v1alpha1", **each}) for each in (TEAM, *COMPONENTS)
)


@pytest.fixture(scope="session")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the client that the lock names; skips with the reason where that cannot be."""
    folder = tmp_path_factory.mktemp("client")
    for name in ("package.json", "package-lock.json", ".npmrc", "client.mjs"):
        shutil.copy(HERE / name, folder)
    try:
        install(folder)
    except NodeUnavailable as error:
        pytest.skip(str(error))
    return folder


@pytest.fixture(scope="session")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningPortal]:
    """Run a portal."""
    with running_portal(tmp_path_factory.mktemp("portal"), {}) as running:
        yield running


@pytest.fixture
async def harness(portal: RunningPortal) -> AsyncIterator[Harness]:
    """Speak to the portal as somebody who has pushed the catalog."""
    harness = Harness.of(portal.state())
    if await harness.entity("component:default/alpha") is None:
        await harness.publish(REPOSITORY, {"catalog-info.yaml": FILE})
    yield harness
    await harness.close()


@pytest.fixture
def address(harness: Harness) -> str:
    """Tell the web address of the file that the catalog was read from."""
    return f"{harness.forge.repository(REPOSITORY)}/blob/main/catalog-info.yaml"


@pytest.fixture
def client(packages: Path, harness: Harness) -> CatalogClient:
    """Ask as the operator."""
    return CatalogClient(packages, harness.gateway, harness.token)
