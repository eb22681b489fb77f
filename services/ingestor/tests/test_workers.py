"""Sources are read when they are due, whatever else is being read."""

import asyncio
from dataclasses import replace
from typing import Any

from sipario_ingestor.source import Address, Source
from sipario_ingestor.workers import Workers
from sipario_ledger.clock import now, to_micros


class Scripted:
    """Reads what is slow until something else was read too."""

    def __init__(self) -> None:
        self.begun = asyncio.Event()
        self.again = asyncio.Event()

    async def read(self, source: Source) -> None:
        if source.id.endswith("/slow"):
            self.begun.set()
            await self.again.wait()
        else:
            self.again.set()
        await asyncio.Event().wait()


async def test_what_is_to_be_tried_again_soon_does_not_wait_for_what_is_read_slowly(desk: Any) -> None:
    reading: Any = Scripted()
    workers = Workers(desk.store, reading, number=4, clock=now)
    await desk.store.write(lambda table: table.add(Address("file:/slow", path="/slow"), "configuration"))
    async with workers.running():
        await asyncio.wait_for(reading.begun.wait(), 30)

        def later(table: Any) -> None:
            table.add(Address("file:/again", path="/again"), "configuration")
            source = table.find("file:/again")
            table.answer(replace(source, tries=1, due_at=to_micros(now()) + 300_000))

        await desk.store.write(later)
        workers.wake()
        await asyncio.wait_for(reading.again.wait(), 30)


async def test_a_provider_that_takes_its_time_keeps_no_repository_waiting(desk: Any) -> None:
    reading: Any = Scripted()
    workers = Workers(desk.store, reading, number=1, clock=now)
    await desk.store.write(lambda table: table.add(Address("provider:ldapOrg/slow"), "provider"))
    async with workers.running():
        await asyncio.wait_for(reading.begun.wait(), 30)
        await desk.store.write(
            lambda table: table.add(Address("file:/again", path="/again"), "configuration")
        )
        workers.wake()
        await asyncio.wait_for(reading.again.wait(), 30)
