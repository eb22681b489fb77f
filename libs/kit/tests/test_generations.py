"""Which life of a broker this is."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest
from aiokafka import AIOKafkaProducer
from sipario_kit.generations import Generations
from sipario_kit.lookout import Life, Lookout, fold


class Asked(Generations):
    """Knows the life once it is told that it may."""

    def __init__(self) -> None:
        self.producer = AIOKafkaProducer(bootstrap_servers="127.0.0.1:1")
        super().__init__(Lookout(), self.producer, prepare=nothing)
        self.may = asyncio.Event()

    async def _read_or_begin(self) -> Life:
        await self.may.wait()
        return Life("one")


class Told(Lookout):
    """Sees what the broker has; counts how often it was looked at."""

    def __init__(self) -> None:
        super().__init__()
        self.generation, self.looks = "one", 0

    async def _messages(self) -> list[dict[str, object]]:
        self.looks += 1
        await asyncio.sleep(0)
        return [{"generation": self.generation}]


async def nothing() -> None:
    """There is nothing to prepare."""


@pytest.fixture
async def asked() -> AsyncIterator[Asked]:
    generations = Asked()
    yield generations
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


@pytest.fixture
async def pair() -> AsyncIterator[tuple[Told, Generations, Generations]]:
    """Two services of one process, and what they look at."""
    lookout, producer = Told(), AIOKafkaProducer(bootstrap_servers="127.0.0.1:1")
    one, other = (Generations(lookout, producer, prepare=nothing) for _ in range(2))
    yield lookout, one, other
    await producer.stop()


async def test_what_one_service_just_saw_the_other_need_not_look_for(
    pair: tuple[Told, Generations, Generations],
) -> None:
    lookout, one, other = pair
    await one.refresh(within=60)
    await other.refresh(within=60)
    assert (one.life, other.life, lookout.looks) == (Life("one"), Life("one"), 1)


async def test_who_must_know_how_it_is_now_looks(pair: tuple[Told, Generations, Generations]) -> None:
    lookout, one, other = pair
    await one.refresh()
    lookout.generation = "two"
    assert await other.refresh() == Life("two")
    assert one.life == Life("one")  # until it asks itself: it has yet to do what a new life demands


async def test_a_life_that_somebody_saw_but_could_not_begin_is_looked_at_again(
    pair: tuple[Told, Generations, Generations],
) -> None:
    lookout, one, _ = pair
    lookout.generation = ""
    await lookout.read()
    lookout.generation = "one"
    assert await one.refresh(within=60) == Life("one")


async def test_those_who_ask_while_one_looks_get_two_looks_not_many(
    pair: tuple[Told, Generations, Generations],
) -> None:
    """The look that began before they asked may be too old for them; the one after it is good for all."""
    lookout, one, other = pair
    await asyncio.gather(one.refresh(), *(other.refresh() for _ in range(9)))
    assert lookout.looks <= 2


def test_a_mark_that_comes_late_does_not_name_the_life_that_follows() -> None:
    late: dict[str, object] = {"relay": "ingestor", "generation": "former", "ends": {"t/0": 7}}
    assert fold([late]) == Life()
    assert fold([late, {"generation": "new"}]) == Life("new")
    told: dict[str, object] = {"relay": "ingestor", "generation": "new", "ends": {"t/0": 1}}
    assert fold([late, {"generation": "new"}, {"generation": "other"}, told]) == Life(
        "new", {"ingestor": {"t/0": 1}}
    )
