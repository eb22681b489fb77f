"""A ledger from a backup is heard again by projections that have seen what was said after it."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiokafka import AIOKafkaProducer
from sipario.data import Data
from sipario.restored import LEDGERS, ledger_of, restored
from sipario_engines import Broker
from sipario_events import ENTITIES, EntityChanged
from sipario_ingestor.app import MIGRATIONS
from sipario_kit.settings import CommonSettings
from sipario_kit.topics import ensure_topics
from sipario_ledger import Ledger

REF = "component:default/shop"


@pytest.fixture
def kafka(tmp_path: Path) -> Iterator[str]:
    broker = Broker(tmp_path, tmp_path)
    with asyncio.Runner() as runner:
        runner.run(broker.start())
        yield broker.address
        runner.run(broker.stop())


def test_what_is_recorded_after_a_restore_is_newer_than_what_was_said_before(
    tmp_path: Path, kafka: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = Data(tmp_path / "data")
    data.folder.mkdir()
    asyncio.run(said(kafka, version=41))
    monkeypatch.setenv("SIPARIO_KAFKA", kafka)
    for name in LEDGERS:
        monkeypatch.delenv(f"{name.upper()}_LEDGER", raising=False)
    assert restored(data) == [
        "ingestor: what is recorded from now on has a version above 41.",
        "techdocs: what is recorded from now on has a version above 0.",
    ]
    assert asyncio.run(recorded(ledger_of(data, "ingestor"))) == 42


async def said(kafka: str, version: int) -> None:
    await ensure_topics(CommonSettings(kafka=kafka), "ingestor")
    producer = AIOKafkaProducer(bootstrap_servers=kafka)
    await producer.start()
    event = EntityChanged(ref=REF, version=version)
    await producer.send_and_wait(ENTITIES, event.body(), key=event.key().encode())
    await producer.send_and_wait(ENTITIES, b"nonsense", key=b"x")
    await producer.stop()


async def recorded(url: str) -> int:
    async with Ledger.open(url, name="ingestor", migrations=MIGRATIONS) as ledger:
        (entry,) = (await ledger.record([EntityChanged(ref=REF)])).entries
        return entry.version
