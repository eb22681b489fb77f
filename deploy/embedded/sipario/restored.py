"""`sipario restored`: makes ledgers that were put back from a backup speak louder than what was said after it."""

import asyncio
import os
from collections.abc import Sequence
from importlib import import_module

import orjson
from aiokafka.errors import KafkaError
from aiokafka.structs import ConsumerRecord
from sipario_events import DOCS, ENTITIES, SCM
from sipario_kit.replay import replay
from sipario_kit.topics import partitions_of
from sipario_ledger import Ledger, LedgerError

from sipario.data import Data, DataError
from sipario.parked import kafka_of

LEDGERS = {"ingestor": (ENTITIES, SCM), "techdocs": (DOCS,)}
"""Whose ledger says what."""


def restored(data: Data) -> list[str]:
    """Raise every ledger above what its topics hold, and say how far. Raises `DataError`."""
    kafka = kafka_of(data)
    try:
        return [asyncio.run(_raised(kafka, name, ledger_of(data, name))) for name in LEDGERS]
    except (KafkaError, OSError) as error:
        raise DataError(f"Kafka at {kafka} does not answer: {error}") from error
    except LedgerError as error:
        raise DataError(str(error)) from error


def ledger_of(data: Data, service: str) -> str:
    """Tell where a service keeps its ledger."""
    return os.environ.get(f"{service.upper()}_LEDGER") or f"sqlite:///{data.folder / service}.db"


async def newest(kafka: str, topics: Sequence[str]) -> int:
    """Return the greatest version that topics hold; 0 when they hold none."""
    found = 0

    async def take(batch: Sequence[ConsumerRecord]) -> None:
        nonlocal found
        found = max([found, *(_version(raw.value) for raw in batch)])

    for topic, partitions in (await partitions_of(kafka, topics)).items():
        await replay(kafka, topic, partitions, take)
    return found


async def _raised(kafka: str, service: str, url: str) -> str:
    version = await newest(kafka, LEDGERS[service])
    app = import_module(f"sipario_{service}.app")
    async with Ledger.open(url, name=service, migrations=app.MIGRATIONS) as ledger:
        await ledger.continue_after(version)
    return f"{service}: what is recorded from now on has a version above {version}."


def _version(body: bytes | None) -> int:
    try:
        return int(orjson.loads(body or b"")["version"])
    except (ValueError, KeyError, TypeError):  # parked long ago
        return 0
