"""Browsers hear of changes as they happen."""

import asyncio
import json

from sipario_events import GraphChanged, SiteBuilt
from sipario_gateway.live import WAITING, Live
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
