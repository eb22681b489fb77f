"""What a portal needs to be ready comes first; the rest waits, though not for ever."""

import asyncio

import pytest
from sipario_kit.precedence import Precedence, Turn

LIFE = "a-life"


class Other:
    """A service that goes first."""

    def __init__(self) -> None:
        self.caught_up = False

    def __call__(self) -> bool:
        return self.caught_up


async def test_who_is_patient_waits_until_the_others_have_caught_up() -> None:
    precedence, other = Precedence(), Other()
    turn = Turn(precedence)
    with precedence.first(other):
        waiting = asyncio.create_task(turn.come(LIFE))
        await asyncio.sleep(0)
        assert not waiting.done()
        other.caught_up = True
        await asyncio.wait_for(waiting, 5)


async def test_who_has_had_its_turn_waits_again_only_in_another_life() -> None:
    precedence, other = Precedence(), Other()
    turn = Turn(precedence, longest=0.01)
    await turn.come(LIFE)
    with precedence.first(other):
        await asyncio.wait_for(turn.come(LIFE), 0.005)
        again = asyncio.create_task(turn.come("another-life"))
        await asyncio.sleep(0)
        assert not again.done()
        await again


async def test_one_who_never_catches_up_is_not_waited_for_without_end() -> None:
    precedence = Precedence()
    with precedence.first(Other()):
        await asyncio.wait_for(Turn(precedence, longest=0.01).come(LIFE), 5)


@pytest.mark.parametrize("leaves", ["the other", "who waits"])
async def test_nobody_is_waited_for_once_one_of_the_two_stops(leaves: str) -> None:
    precedence = Precedence()
    turn = Turn(precedence)
    with precedence.first(Other()):
        waiting = asyncio.create_task(turn.come(LIFE))
        await asyncio.sleep(0)
        if leaves == "who waits":
            turn.end()
            await asyncio.wait_for(waiting, 5)
    await asyncio.wait_for(waiting, 5)
