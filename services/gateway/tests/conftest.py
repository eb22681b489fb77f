"""A gateway in front of services that repeat what reached them."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest
from fastapi import FastAPI, Request
from pydantic import SecretStr
from sipario_engines import Broker
from sipario_gateway.app import service
from sipario_gateway.settings import Settings
from sipario_kit.principal import principal_of
from sipario_kit.service import Health, Service
from sipario_kit.settings import CommonSettings

OPERATOR = "operator-token"
NEIGHBOURS = ("ingestor", "catalog-graph", "search", "techdocs")


def echo(name: str) -> Service:
    app = FastAPI()

    @app.api_route("/{path:path}", methods=["GET", "POST", "PUT", "DELETE"])
    async def repeat(request: Request, path: str) -> dict[str, str | None]:
        principal = principal_of(request.scope)
        return {"service": name, "path": f"/{path}", "principal": principal.ref if principal else None}

    return Service(name, running=lambda: None, health=Health, api=app)  # type: ignore[arg-type, return-value]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(
        ledger=f"sqlite:///{tmp_path / 'gateway.db'}",
        public_url="http://portal.test",
        guest=True,
        operator_token=SecretStr(OPERATOR),
        session_key=SecretStr("a key for cookies"),
    )


@pytest.fixture
def configuration(tmp_path: Path) -> str:
    del tmp_path
    return "{}"


@pytest.fixture
async def broker(tmp_path: Path) -> AsyncIterator[Broker]:
    broker = Broker(tmp_path, tmp_path)
    await broker.start()
    yield broker
    await broker.stop()


@pytest.fixture
async def browser(
    settings: Settings, broker: Broker, configuration: str, tmp_path: Path
) -> AsyncIterator[httpx2.AsyncClient]:
    """A client that keeps cookies, on loopback."""
    file = tmp_path / "config.yaml"
    file.write_text(configuration)
    common = CommonSettings(kafka=broker.address, fetch_max_wait_ms=20, config=(file,))
    gateway = service(settings, common, {name: echo(name) for name in NEIGHBOURS})
    assert gateway.api
    async with gateway.running():
        transport = httpx2.ASGITransport(gateway.api, client=("127.0.0.1", 1))
        async with httpx2.AsyncClient(transport=transport, base_url="http://portal.test") as client:
            yield client
