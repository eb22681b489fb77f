"""What nothing declares any more is an orphan for a while, if it is wished, and nothing of it is lost meanwhile."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx2
import pytest
from sipario_events import ENTITIES
from sipario_ingestor.configuration import Configuration
from sipario_ledger.clock import now
from sipario_model.annotations import ORPHAN
from sipario_model.uid import uid_of

GOOD = (
    "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {name: %s}\n"
    "spec: {type: service, lifecycle: production, owner: team-a}\n"
)
LEADING = "apiVersion: backstage.io/v1alpha1\nkind: Location\nmetadata: {name: all}\nspec: {targets: [%s]}\n"
A = "component:default/a"
DAYS = {"orphanGrace": {"days": 2}}


async def marked(desk: Any) -> list[str]:
    """Name the entities that are shown as orphans."""
    found = (await desk.entities()).items()
    return sorted(ref for ref, each in found if each.entity["metadata"]["annotations"].get(ORPHAN) == "true")


async def deserted(desk: Any, host: Any) -> None:
    """Declare two components, then only one of them."""
    host.push("shop", {"catalog-info.yaml": GOOD % "a" + "---\n" + GOOD % "b"})
    await desk.register(f"{host.url}/shop")
    host.push("shop", {"catalog-info.yaml": GOOD % "b"})
    await desk.look()


async def led_to(desk: Any, host: Any, declared: str = GOOD % "a") -> None:
    """Let a Location lead to another repository."""
    host.push("other", {"catalog-info.yaml": declared})
    host.push("shop", {"catalog-info.yaml": LEADING % f"'{host.url}/other'"})
    await desk.register(f"{host.url}/shop")


async def sources(desk: Any) -> list[str]:
    """Name the sources that are read."""
    found: list[str] = await desk.store.read(lambda table: [each.id for each in table.all()])
    return found


async def test_without_a_grace_there_are_no_orphans(desk: Any, host: Any) -> None:
    await deserted(desk, host)
    assert await desk.refs() == ["component:default/b"]


async def test_an_orphan_is_marked_and_goes_when_its_grace_is_over(
    open_desk: Callable[..., Any], host: Any
) -> None:
    async with open_desk(**DAYS) as desk:
        await deserted(desk, host)
        assert await marked(desk) == [A]
        desk.later = timedelta(days=1)
        await desk.orphans.sweep()
        assert await marked(desk) == [A]
        desk.later = timedelta(days=2, minutes=1)
        await desk.orphans.sweep()
        assert await desk.refs() == ["component:default/b"]
        assert await desk.orphans.all() == []


async def test_the_sweep_comes_again_when_the_first_grace_is_over(
    open_desk: Callable[..., Any], host: Any
) -> None:
    async with open_desk(orphanGrace="5 minutes") as desk:
        await deserted(desk, host)
        desk.later = timedelta(minutes=4)
        assert 59 < await desk.orphans.sweep() <= 60


async def test_where_orphans_go_at_once_none_are_looked_for(open_desk: Callable[..., Any]) -> None:
    async with open_desk() as desk:
        assert await desk.orphans.sweep() >= 60


async def test_the_grace_goes_on_over_a_restart(open_desk: Callable[..., Any], host: Any) -> None:
    async with open_desk(**DAYS) as desk:
        await deserted(desk, host)
    async with open_desk(**DAYS) as desk:
        await desk.look()
        assert await marked(desk) == [A]
        desk.later = timedelta(days=3)
        await desk.orphans.sweep()
        assert await marked(desk) == []
        assert A not in await desk.refs()


async def test_what_is_declared_again_is_no_orphan_and_its_history_goes_on(
    open_desk: Callable[..., Any], host: Any
) -> None:
    async with open_desk(**DAYS) as desk:
        await deserted(desk, host)
        host.push("shop", {"catalog-info.yaml": GOOD % "a" + "---\n" + GOOD % "b"})
        await desk.look()
        assert await marked(desk) == []
        desk.later = timedelta(days=3)
        await desk.orphans.sweep()
        assert A in await desk.refs()
        assert [(each.version, each.gone) for each in await desk.ledger.history(ENTITIES, A)] == [
            (3, False),
            (2, False),
            (1, False),
        ]


async def test_reading_an_orphans_source_again_says_nothing_new(
    open_desk: Callable[..., Any], host: Any
) -> None:
    async with open_desk(**DAYS) as desk:
        await deserted(desk, host)
        since = [each.since for each, _ in await desk.orphans.all()]
        desk.later, top = timedelta(days=1), await desk.ledger.top()
        await desk.registry.refresh("component:default/b")
        await desk.settle()
        assert await desk.ledger.top() == top
        assert [each.since for each, _ in await desk.orphans.all()] == since


async def test_what_is_kept_stays_for_ever(open_desk: Callable[..., Any], host: Any) -> None:
    async with open_desk(orphanStrategy="keep") as desk:
        await deserted(desk, host)
        desk.later = timedelta(days=3000)
        await desk.orphans.sweep()
        assert await marked(desk) == [A]
    async with open_desk() as desk:  # somebody changed the strategy
        await desk.orphans.sweep()
        assert await desk.refs() == ["component:default/b"]


async def test_what_no_location_leads_to_any_more_is_an_orphan_until_one_does(
    open_desk: Callable[..., Any], host: Any
) -> None:
    async with open_desk(**DAYS) as desk:
        await led_to(desk, host)
        host.push("shop", {"catalog-info.yaml": LEADING % ""})
        await desk.look()
        assert await marked(desk) == [A]
        host.push("shop", {"catalog-info.yaml": LEADING % f"'{host.url}/other'"})
        await desk.look()
        assert (await marked(desk), A in await desk.refs()) == ([], True)
        host.push("shop", {"catalog-info.yaml": LEADING % ""})
        await desk.look()
        desk.later = timedelta(days=3)
        await desk.orphans.sweep()
        await desk.settle()
        assert A not in await desk.refs()
        assert await sources(desk) == [f"url:{host.url}/shop"]


async def test_what_a_person_takes_away_has_no_grace(open_desk: Callable[..., Any], host: Any) -> None:
    async with open_desk(**DAYS) as desk:
        await led_to(desk, host)
        (location,) = await desk.registry.locations()
        await desk.registry.unregister(location["id"])
        await desk.settle()
        assert await desk.refs() == []


async def test_an_orphan_makes_way_for_who_declares_it(open_desk: Callable[..., Any], host: Any) -> None:
    async with open_desk(**DAYS) as desk:
        await deserted(desk, host)
        host.push("second", {"catalog-info.yaml": GOOD % "a"})
        await desk.register(f"{host.url}/second")
        assert await marked(desk) == []
        assert (await desk.entities())[A].origin == f"url:{host.url}/second"
        assert await desk.problems("second") == []


async def test_who_waits_already_takes_over_at_once(open_desk: Callable[..., Any], host: Any) -> None:
    async with open_desk(**DAYS) as desk:
        for name in ("shop", "second"):
            host.push(name, {"catalog-info.yaml": GOOD % "a"})
            await desk.register(f"{host.url}/{name}")
        host.push("shop", {"catalog-info.yaml": GOOD % "b"})
        await desk.look()
        assert (await desk.entities())[A].origin == f"url:{host.url}/second"
        assert await marked(desk) == []


async def test_who_waits_takes_over_what_no_location_leads_to_any_more(
    open_desk: Callable[..., Any], host: Any
) -> None:
    async with open_desk(**DAYS) as desk:
        await led_to(desk, host)
        host.push("second", {"catalog-info.yaml": GOOD % "a"})
        await desk.register(f"{host.url}/second")
        host.push("shop", {"catalog-info.yaml": LEADING % ""})
        await desk.look()
        assert (await desk.entities())[A].origin == f"url:{host.url}/second"
        assert await marked(desk) == []
        assert await sources(desk) == [f"url:{host.url}/second", f"url:{host.url}/shop"]


async def test_what_no_location_leads_to_any_more_waits_for_nothing(
    open_desk: Callable[..., Any], host: Any
) -> None:
    async with open_desk(**DAYS) as desk:
        for name in ("first", "third"):
            host.push(name, {"catalog-info.yaml": GOOD % "a"})
        await desk.register(f"{host.url}/first")
        await led_to(desk, host)
        await desk.register(f"{host.url}/third")
        host.push("shop", {"catalog-info.yaml": LEADING % ""})
        await desk.look()
        host.push("first", {"catalog-info.yaml": GOOD % "b"})
        await desk.look()
        assert (await desk.entities())[A].origin == f"url:{host.url}/third"


async def test_what_held_nothing_is_forgotten_when_no_location_leads_to_it(
    open_desk: Callable[..., Any], host: Any
) -> None:
    async with open_desk(**DAYS) as desk:
        await led_to(desk, host, "")
        host.push("shop", {"catalog-info.yaml": LEADING % ""})
        await desk.look()
        assert await sources(desk) == [f"url:{host.url}/shop"]


async def test_who_was_refused_before_a_crash_takes_over_at_the_next_sweep(
    open_desk: Callable[..., Any], host: Any
) -> None:
    async with open_desk(orphanStrategy="keep") as desk:
        await deserted(desk, host)
        event = (await desk.entities())[A]
        assert (await desk.ledger.record([event], "url:elsewhere")).refused
        await desk.orphans.sweep()
        assert [freed.claimant for freed in await desk.ledger.freed()] == ["url:elsewhere"]
        assert await desk.orphans.all() == []


async def test_of_a_source_that_is_taken_away_no_orphan_is_left(
    open_desk: Callable[..., Any], host: Any
) -> None:
    async with open_desk(orphanStrategy="keep") as desk:
        await deserted(desk, host)
        (location,) = await desk.registry.locations()
        await desk.registry.unregister(location["id"])
        await desk.settle()
        assert (await desk.refs(), await desk.orphans.all()) == ([], [])
        host.push("second", {"catalog-info.yaml": GOOD % "a"})
        await desk.register(f"{host.url}/second")
        host.push("second", {"catalog-info.yaml": GOOD % "b"})
        await desk.look()
        assert (await marked(desk), await desk.problems("second")) == ([A], [])


async def test_a_file_cannot_make_an_orphan_of_its_entity(open_desk: Callable[..., Any], host: Any) -> None:
    claimed = GOOD.replace("{name: %s}", "{name: %s, annotations: {backstage.io/orphan: 'true'}}")
    async with open_desk(**DAYS) as desk:
        host.push("shop", {"catalog-info.yaml": claimed % "a"})
        await desk.register(f"{host.url}/shop")
        assert await marked(desk) == []


async def test_a_person_keeps_one_orphan_and_deletes_another(
    open_desk: Callable[..., Any], host: Any
) -> None:
    async with open_desk(**DAYS) as desk:
        host.push("shop", {"catalog-info.yaml": "---\n".join(GOOD % name for name in "abc")})
        await desk.register(f"{host.url}/shop")
        host.push("shop", {"catalog-info.yaml": GOOD % "c"})
        await desk.look()
        transport = httpx2.ASGITransport(app=desk.app())
        async with httpx2.AsyncClient(transport=transport, base_url="http://ingestor/api/catalog") as client:
            first, second = (await client.get("/orphans")).json()
            assert (first["entityRef"], first["kept"]) == (A, False)
            assert first["goesAt"] > now().isoformat()
            assert (await client.post("/orphans/keep", json={"entityRef": A})).status_code == 204
            assert (await client.get("/orphans")).json()[0]["goesAt"] is None
            for ref, status in (("component:default/c", 404), ("nonsense", 400)):
                assert (await client.post("/orphans/keep", json={"entityRef": ref})).status_code == status
        await desk.registry.remove(uid_of(second["entityRef"]))
        desk.later = timedelta(days=3)
        await desk.settle()
        await desk.orphans.sweep()
        assert await desk.refs() == [A, "component:default/c"]


@pytest.mark.parametrize(
    ("catalog", "key"),
    [
        ({"orphanStrategy": "burn"}, "catalog.orphanStrategy"),
        ({"orphanProviderStrategy": 3}, "catalog.orphanProviderStrategy"),
        ({"orphanGrace": "soon"}, "catalog.orphanGrace"),
    ],
)
def test_a_strategy_that_cannot_be_understood_is_refused_with_its_key(
    catalog: dict[str, Any], key: str
) -> None:
    with pytest.raises(ValueError, match=key):
        Configuration.of({"catalog": catalog})
