"""Browsers hear of changes as they happen."""

import asyncio
import json

from sipario_events import GraphChanged, SiteBuilt
from sipario_gateway.live import WAITING, Live
from sipario_kit.errors import Unavailable
from sipario_kit.projection import Checkpoint
from sse_starlette import ServerSentEvent

NOWHERE = Checkpoint("")


async def heard(live: Live, *facts: GraphChanged | SiteBuilt, count: int = 1) -> list[ServerSentEvent]:
    listening = live.listen()
    first = asyncio.ensure_future(anext(listening))
    await asyncio.sleep(0)  # the listener takes its place
    await live.apply(facts, NOWHERE)
    events = [await first] + [await anext(listening) for _ in range(count - 1)]
    await listening.aclose()  # type: ignore[attr-defined]
    return events


async def test_a_change_of_the_graph_is_told_with_its_ref_and_version() -> None:
    (event,) = await heard(
        Live(), GraphChanged(ref="component:default/a", version=3, affected=("api:default/b",))
    )
    assert event.event == "graph"
    expected = {"ref": "component:default/a", "version": 3, "gone": False, "affected": ["api:default/b"]}
    assert json.loads(str(event.data)) == expected


async def test_failed_docs_are_told_with_their_reason() -> None:
    (event,) = await heard(Live(), SiteBuilt(ref="component:default/a", version=1, error="mkdocs.yml:3: no"))
    assert event.event == "docs"
    assert json.loads(str(event.data))["error"] == "mkdocs.yml:3: no"


async def test_who_does_not_keep_up_is_told_to_look_at_everything() -> None:
    flood = [GraphChanged(ref=f"component:default/{n}", version=1) for n in range(WAITING + 2)]
    events = await heard(Live(), *flood, count=2)
    assert events[0].event == "reset" or events[1].event == "reset"


async def test_who_has_gone_is_forgotten() -> None:
    live = Live()
    await heard(live, GraphChanged(ref="component:default/a", version=1))
    assert not live._listeners


async def test_a_stream_ends_with_its_session_and_no_other_does() -> None:
    live = Live()
    mine, other, token = live.listen("mine"), live.listen("other"), live.listen()
    waiting = [asyncio.ensure_future(anext(each, None)) for each in (mine, other, token)]
    await asyncio.sleep(0)  # the listeners take their places
    live.hang_up("mine")
    live.hang_up("")
    assert await waiting[0] is None
    await live.apply([GraphChanged(ref="component:default/a", version=1)], NOWHERE)
    assert all(await asyncio.gather(*waiting[1:]))


async def test_who_is_out_elsewhere_or_by_time_is_seen_out() -> None:
    live = Live()

    async def stays(session: str) -> bool:
        if session == "unknown":
            raise Unavailable("the store is away")
        return session == "here"

    streams = [live.listen(session) for session in ("here", "gone", "unknown", "")]
    waiting = [asyncio.ensure_future(anext(each, None)) for each in streams]
    await asyncio.sleep(0)
    await live.see_out(stays)
    assert await waiting[1] is None
    await live.apply([GraphChanged(ref="component:default/a", version=1)], NOWHERE)
    assert all([await waiting[number] for number in (0, 2, 3)])


def test_what_nobody_hears_is_not_even_read() -> None:
    assert Live().reading(GraphChanged.model_validate_json)(b"not JSON") is None
