"""A projector applies everything once, whatever comes twice or fails."""

import asyncio
from collections.abc import Mapping, Sequence

import pytest
from sipario_kit.errors import EngineUnavailable, StoreForgotten
from sipario_kit.projection import Checkpoint
from sipario_kit.projector import Patience, Projector
from sipario_kit.record import Record

QUICK = Patience(attempts=3, first=0.0)


class Notebook:
    """A projection that writes down what it was given, and refuses what it is told to refuse."""

    def __init__(self) -> None:
        self.pages: list[str] = []
        self.checkpoint = Checkpoint("")
        self.poison: set[str] = set()
        self.away = 0
        self.failures = 0
        self.wiped = False

    async def positions(self, generation: str) -> Mapping[str, int]:
        return self.checkpoint.positions if self.checkpoint.generation == generation else {}

    async def apply(self, facts: Sequence[str], checkpoint: Checkpoint) -> None:
        if self.away:
            self.away -= 1
            raise EngineUnavailable("closed")
        if self.wiped:
            raise StoreForgotten("empty")
        if self.failures:
            self.failures -= 1
            raise ValueError("not yet")
        if self.poison & set(facts):
            raise ValueError("poison")
        self.pages += facts
        self.checkpoint = checkpoint


class Shelf:
    """Where records are parked."""

    def __init__(self) -> None:
        self.parked: list[tuple[bytes, str, int]] = []

    async def __call__(self, record: Record, error: Exception, attempts: int) -> None:
        self.parked.append((record.value, str(error), attempts))


def decode(value: bytes) -> str:
    return value.decode()


def records(*values: str, start: int = 0) -> list[Record]:
    return [Record("t", 0, start + n, value.encode()) for n, value in enumerate(values)]


async def entered(notebook: Notebook) -> Projector[str]:
    projector = Projector("notes", notebook, decode=decode, patience=QUICK)
    await projector.enter("first")
    return projector


async def test_hearing_it_twice_applies_it_once() -> None:
    notebook = Notebook()
    projector = await entered(notebook)
    await projector.handle(records("a", "b"), Shelf())
    await projector.handle(records("a", "b", "c"), Shelf())
    assert notebook.pages == ["a", "b", "c"]


@pytest.mark.parametrize("bad", range(7))
async def test_one_bad_record_is_parked_and_its_neighbours_are_applied(bad: int) -> None:
    values = [str(n) for n in range(7)]
    notebook, shelf = Notebook(), Shelf()
    notebook.poison = {values[bad]}
    projector = await entered(notebook)
    await projector.handle(records(*values), shelf)
    assert notebook.pages == [value for value in values if value != values[bad]]
    assert shelf.parked == [(values[bad].encode(), "poison", QUICK.attempts)]
    assert projector.parked == 1


async def test_the_place_moves_past_a_parked_record() -> None:
    notebook = Notebook()
    notebook.poison = {"b"}
    projector = await entered(notebook)
    await projector.handle(records("a", "b"), Shelf())
    assert notebook.checkpoint.positions == {"t/0": 2}


async def test_bytes_that_are_not_what_they_should_be_are_parked() -> None:
    notebook, shelf = Notebook(), Shelf()
    projector = await entered(notebook)
    await projector.handle([Record("t", 0, 0, b"\xff"), *records("good", start=1)], shelf)
    assert notebook.pages == ["good"]
    assert [value for value, _, _ in shelf.parked] == [b"\xff"]


async def test_an_engine_that_is_away_is_waited_for_and_nothing_is_parked() -> None:
    notebook, shelf = Notebook(), Shelf()
    notebook.away = 5
    projector = await entered(notebook)
    await projector.handle(records("a"), shelf)
    assert (notebook.pages, shelf.parked) == (["a"], [])


async def test_positions_do_not_outlive_the_broker_that_they_are_of() -> None:
    notebook = Notebook()
    projector = await entered(notebook)
    await projector.handle(records("a", "b"), Shelf())
    await projector.enter("second")
    assert projector.positions == {}
    await projector.handle(records("a"), Shelf())
    assert notebook.pages == ["a", "b", "a"]


async def test_a_restarted_projector_goes_on_where_its_store_says() -> None:
    notebook = Notebook()
    await (await entered(notebook)).handle(records("a", "b"), Shelf())
    await (await entered(notebook)).handle(records("a", "b", "c"), Shelf())
    assert notebook.pages == ["a", "b", "c"]


async def test_a_failing_record_that_recovers_is_not_parked() -> None:
    notebook, shelf = Notebook(), Shelf()
    notebook.failures = 2
    projector = await entered(notebook)
    await projector.handle(records("a"), shelf)
    assert (notebook.pages, shelf.parked) == (["a"], [])


async def test_a_store_that_forgot_is_told_of_and_nothing_is_parked() -> None:
    notebook, shelf = Notebook(), Shelf()
    projector = await entered(notebook)
    notebook.wiped = True
    with pytest.raises(StoreForgotten):
        await projector.handle(records("a", "b"), shelf)
    assert shelf.parked == []
    projector.forget()
    await projector.enter("first")
    assert (projector.forgotten, projector.entered) == (False, 2)


async def test_who_waits_for_a_place_goes_on_once_it_is_reached() -> None:
    notebook = Notebook()
    projector = Projector("notebook", notebook, decode=decode, patience=QUICK)
    await projector.enter("first")
    waiting = asyncio.create_task(projector.reached("first", {"t/0": 2}))
    await projector.handle(records("a"), Shelf())
    await asyncio.sleep(0)
    assert not waiting.done()
    await projector.handle(records("b", start=1), Shelf())
    await waiting
    assert notebook.pages == ["a", "b"]


async def test_a_place_of_a_former_life_is_not_taken_for_one_of_this() -> None:
    projector = Projector("notebook", Notebook(), decode=decode, patience=QUICK)
    await projector.enter("first")
    await projector.handle(records("a", "b", "c"), Shelf())
    waiting = asyncio.create_task(projector.reached("second", {"t/0": 1}))
    await asyncio.sleep(0)
    assert not waiting.done()
    await projector.enter("second")
    await projector.handle(records("a"), Shelf())
    await asyncio.wait_for(waiting, 5)


async def test_of_a_topic_without_records_everything_is_applied() -> None:
    projector = Projector("notebook", Notebook(), decode=decode, patience=QUICK)
    await asyncio.wait_for(projector.reached("first", {}), 5)
