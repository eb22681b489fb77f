"""Which life of a broker this is."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest
from aiokafka import AIOKafkaProducer
from sipario_kit.generations import Generations, Life


class Asked(Generations):
    """Knows the life once it is told that it may."""

    def __init__(self) -> None:
        self.producer = AIOKafkaProducer(bootstrap_servers="127.0.0.1:1")
        super().__init__("127.0.0.1:1", self.producer, prepare=nothing)
        self.may = asyncio.Event()

    async def _read_or_begin(self) -> Life:
        await self.may.wait()
        return Life("one")


async def nothing() -> None:
    """There is nothing to prepare."""


@pytest.fixture
async def asked() -> AsyncIterator[Asked]:
    generations = Asked()
    yield generations
    await generations.stop()
    await generations.producer.stop()


@pytest.mark.parametrize("turns", range(6))
async def test_whoever_is_cancelled_while_it_looks_is_cancelled(asked: Asked, turns: int) -> None:
    """At whatever turn of the loop it comes, also when the answer has just come."""
    looking = asyncio.create_task(asked.refresh())
    await asyncio.sleep(0)
    asked.may.set()
    for _ in range(turns):
        await asyncio.sleep(0)
    was_running = looking.cancel()
    with suppress(asyncio.CancelledError):
        await looking
    assert looking.cancelled() == was_running
