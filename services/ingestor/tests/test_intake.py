"""What is large goes into the ledger while the rest is read; what cannot be had keeps what it held."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest
from sipario_events import EntityChanged
from sipario_ingestor.aside import Aside
from sipario_ingestor.reading import Reading
from sipario_ingestor.recorder import Intake, Recorder
from sipario_ingestor.source import Source
from sipario_ledger.clock import now

PARTS = 5
EACH = 300


def component(name: str, description: str, more: str = "") -> str:
    return (
        "apiVersion: backstage.io/v1alpha1\nkind: Component\n"
        f"metadata: {{name: {name}, description: '{description}'}}\n"
        f"spec: {{type: service, lifecycle: production, owner: team-a{more}}}\n"
    )


def company(description: str = "one", each: int = EACH) -> dict[str, str]:
    targets = "kind: Location\nmetadata: {name: all}\nspec: {targets: ['./part-*.yaml']}\n"
    parts = {
        f"part-{part}.yaml": "---\n".join(component(f"c{part}-{n}", description) for n in range(each))
        for part in range(PARTS)
    }
    return {"catalog-info.yaml": f"apiVersion: backstage.io/v1alpha1\n{targets}", **parts}


async def read_again(desk: Any, host: Any, files: dict[str, str]) -> None:
    host.push("shop", files)
    source = await desk.source("shop")
    await desk.store.write(lambda table: table.ask([source.id]))
    await desk.settle()


async def test_a_large_source_goes_in_by_parts_and_comes_out_whole(desk: Any, host: Any) -> None:
    host.push("shop", company())
    await desk.register(f"{host.url}/shop")
    assert len(await desk.refs()) == PARTS * EACH + 1
    moments = {entry.at for entry in await desk.ledger.since(0, 10_000)}
    assert len(moments) == 3
    await read_again(desk, host, company(each=EACH - 1))
    assert len(await desk.refs()) == PARTS * (EACH - 1) + 1
    assert await desk.problems("shop") == []


class OnePart(Intake):
    """Takes one part, and dies."""

    async def take(self, events: Sequence[EntityChanged]) -> None:
        await super().take(events)
        raise asyncio.CancelledError


class Mortal(Recorder):
    """Dies after the first part of whatever it records."""

    def __init__(self, desk: Any) -> None:
        super().__init__(desk.ledger, desk.store)
        self._open = desk.ledger

    async def begin(self, source: Source) -> Intake:
        return OnePart(self._open, source.id, await self._open.held(source.id))


async def test_who_dies_between_two_parts_reads_all_again(desk: Any, host: Any) -> None:
    host.push("shop", company())
    await desk.register(f"{host.url}/shop")
    alive, top = desk.reading, await desk.ledger.top()
    desk.reading = Reading(
        desk.store,
        Aside(desk.reader),
        Mortal(desk),
        configuration=desk.configuration,
        kinds=desk.kinds,
        clock=now,
    )
    with pytest.raises(asyncio.CancelledError):
        await read_again(desk, host, company("two", each=EACH - 1))
    desk.reading = alive
    assert top < await desk.ledger.top() < top + PARTS * EACH
    await read_again(desk, host, company())
    found = await desk.entities()
    assert {entity.entity["metadata"].get("description") for entity in found.values()} == {"one", None}
    assert len(found) == PARTS * EACH + 1


async def test_what_is_refused_in_any_part_is_told_on_the_source(desk: Any, host: Any) -> None:
    host.push("first", {"catalog-info.yaml": component("c0-0", "mine")})
    await desk.register(f"{host.url}/first")
    host.push("shop", company())
    await desk.register(f"{host.url}/shop")
    assert ["already declared by" in each for each in await desk.problems("shop")] == [True]
    assert (await desk.entities())["component:default/c0-0"].origin == f"url:{host.url}/first"


async def test_a_target_that_broke_leaves_the_last_good_value(desk: Any, host: Any) -> None:
    text = component("a", "old", ", note: {$text: ./note.md}, list: [{x: {$json: ./x.json}}]")
    host.push("shop", {"catalog-info.yaml": text, "note.md": "read me", "x.json": '{"deep": 1}'})
    await desk.register(f"{host.url}/shop")
    await read_again(desk, host, {"catalog-info.yaml": text.replace("old", "new"), "x.json": "{"})
    entity = (await desk.entities())["component:default/a"]
    assert entity.entity["spec"]["note"] == "read me"
    assert entity.entity["spec"]["list"] == [{"x": {"deep": 1}}]
    assert entity.entity["metadata"]["description"] == "new"
    assert [(each.level, each.field) for each in entity.status] == [
        ("error", "spec.note"),
        ("error", "spec.list.0.x"),
    ]


async def test_a_target_that_never_was_there_leaves_its_address(desk: Any, host: Any) -> None:
    text = component("a", "old", ", note: {$text: ./note.md}")
    host.push("shop", {"catalog-info.yaml": text})
    await desk.register(f"{host.url}/shop")
    entity = (await desk.entities())["component:default/a"]
    assert entity.entity["spec"]["note"] == "./note.md"
    assert "note.md could not be read, so spec.note keeps what it held" in entity.status[0].message
