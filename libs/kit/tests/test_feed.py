"""A feed loses nothing when a store fails, forgets, or is asked in vain where to begin."""

from collections.abc import Mapping, Sequence

from sipario_kit.errors import StoreForgotten
from sipario_kit.feed import Feed
from sipario_kit.lookout import Life
from sipario_kit.projection import Checkpoint
from sipario_kit.projector import Patience, Projector
from sipario_kit.record import Record
from sipario_kit.subscription import Subscription

RECORDS = [Record("t", 0, 0, b"a")]


class OneLife:
    """A broker that never dies."""

    life = Life("first")
    said: Mapping[str, int] = {}

    async def refresh(self) -> Life:
        return self.life

    async def ends(self, topic: str) -> Mapping[str, int]:
        del topic
        return self.said


class Frail:
    """A projection that fails as often as it is told to."""

    def __init__(self) -> None:
        self.lost = 0
        self.wiped = 0
        self.heard: list[str] = []

    async def positions(self, generation: str) -> Mapping[str, int]:
        del generation
        if self.lost:
            self.lost -= 1
            raise StoreForgotten("not yet there")
        return {}

    async def apply(self, facts: Sequence[str], checkpoint: Checkpoint) -> None:
        del checkpoint
        if self.wiped:
            self.wiped -= 1
            raise StoreForgotten("wiped")
        self.heard += facts


async def park(record: Record, error: Exception, attempts: int) -> None:
    raise AssertionError((record, error, attempts))


def feed(frail: Frail) -> Feed:
    projector = Projector("frail", frail, decode=bytes.decode, patience=Patience(first=0))
    return Feed(Subscription("t", str, projector, tellers=()), OneLife(), park)


async def test_a_store_that_cannot_tell_where_to_begin_is_asked_again() -> None:
    frail = Frail()
    frail.lost = 1
    fed = feed(frail)
    assert await fed.take(RECORDS) == {}
    assert await fed.take(RECORDS) == {}
    assert await fed.take(RECORDS) is None
    assert frail.heard == ["a"]


async def test_a_store_that_was_wiped_is_filled_from_the_beginning() -> None:
    frail = Frail()
    fed = feed(frail)
    await fed.take(RECORDS)
    await fed.take(RECORDS)
    frail.wiped, frail.lost = 1, 1
    later = [Record("t", 0, 1, b"b")]
    assert await fed.take(later) == {"t/0": 1}
    assert not fed.complete()
    assert fed.look() == {}
    assert await fed.take(RECORDS) == {}
    assert await fed.take([*RECORDS, *later]) is None
    assert frail.heard == ["a", "a", "b"]


async def test_what_was_read_before_the_place_moved_is_not_applied() -> None:
    frail = Frail()
    fed = feed(frail)
    await fed.take(RECORDS)
    assert await fed.take(RECORDS, entered=0) == {}
    assert frail.heard == []


async def test_a_store_that_was_wiped_is_not_complete_before_it_has_again_what_it_had() -> None:
    frail = Frail()
    fed = feed(frail)
    records = [Record("t", 0, number, b"a") for number in range(3)]
    await fed.take(records[:1])
    await fed.take(records)
    assert fed.complete()
    frail.wiped = 1
    assert await fed.take([Record("t", 0, 3, b"b")]) == {}
    assert not fed.complete()
    await fed.take(records[:2])
    assert not fed.complete()
    await fed.take(records)
    assert fed.complete()


async def test_who_begins_late_in_a_long_life_has_caught_up_only_with_all_that_was_said_by_then() -> None:
    """Its tellers told what they knew long ago; what stood in the topic when it began was said since."""
    lives = OneLife()
    lives.life, lives.said = Life("first", {"ingestor": {"t/0": 1}}), {"t/0": 3}
    projector = Projector("frail", Frail(), decode=bytes.decode, patience=Patience(first=0))
    fed = Feed(Subscription("t", str, projector), lives, park)
    await fed.take([])
    for offset, complete in enumerate((False, False, True)):
        await fed.take([Record("t", 0, offset, b"a")])
        assert fed.complete() == complete
