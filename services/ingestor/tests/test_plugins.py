"""What processors of plugins do with entities, over real repositories and a real ledger."""

import time
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from typing import Any

import pytest
from sipario_ingestor.pipeline import Pipeline
from sipario_ingestor.placeholders import built_in
from sipario_ingestor.plugins import with_plugins
from sipario_model import LocationRef
from sipario_plugin import Emit, Entity, Extensions, Loaded, Processor, Reference, Sight

COMPONENT = (
    "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {name: %s}\n"
    "spec: {type: service, lifecycle: production, owner: team-a}\n"
)


class Portal:
    """A desk whose reader leads through some processors."""

    def __init__(self, desk: Any, host: Any, seconds: float) -> None:
        self.desk, self.host, self.extensions = desk, host, built_in().drafted("test")
        self._seconds = seconds

    def add(self, name: str, processor: Processor) -> None:
        self.extensions.processors.add(name, processor)
        self.use()

    def use(self) -> None:
        self.desk.reader.pipeline.close()
        self.desk.reader.pipeline = Pipeline(self.extensions, self._seconds)

    async def put(self, files: dict[str, str]) -> None:
        self.host.push("shop", files)
        if not await self.desk.store.read(lambda table: table.all()):
            await self.desk.register(f"{self.host.url}/shop")
        await self.desk.look()

    async def entity(self, ref: str) -> Any:
        return (await self.desk.entities())[ref]

    async def problems(self) -> list[str]:
        (source,) = await self.desk.store.read(lambda table: table.all())
        return [problem.message for problem in source.problems]

    def close(self) -> None:
        self.desk.reader.pipeline.close()


@pytest.fixture
async def portal(desk: Any, host: Any) -> AsyncIterator[Portal]:
    with closing(Portal(desk, host, 0.3)) as found:
        yield found


def changing(key: str, value: Any) -> Callable[[Entity, Sight, Emit], Entity]:
    def change(entity: Entity, _sight: Sight, _emit: Emit) -> Entity:
        entity["metadata"][key] = value
        return entity

    return change


async def test_hooks_are_called_in_backstages_order(portal: Portal) -> None:
    called: list[str] = []

    def noting(name: str, answer: Any = None) -> Any:
        def hook(given: Any, _sight: Sight, _emit: Emit) -> Any:
            called.append(name)
            return given if answer is None else answer

        return hook

    for name in "ab":
        portal.add(
            name,
            Processor(
                pre_process=noting(f"pre {name}"),
                validate_kind=noting(f"validate {name}", answer=False),
                read_location=noting(f"read {name}", answer=name == "b"),
                post_process=noting(f"post {name}"),
            ),
        )
    text = "apiVersion: backstage.io/v1alpha1\nkind: Location\nmetadata: {name: l}\nspec: {type: ftp, target: x}\n"
    await portal.put({"catalog-info.yaml": text})
    order = ["pre a", "pre b", "validate a", "validate b", "post a", "post b", "read a", "read b"]
    assert called[: len(order)] == order
    assert await portal.problems() == []


async def test_what_pre_process_returns_is_checked_and_what_post_process_returns_is_catalogued(
    portal: Portal,
) -> None:
    portal.add("pre", Processor(pre_process=changing("title", "Shop")))
    portal.add("post", Processor(post_process=changing("labels", {"a": "b"})))
    await portal.put({"catalog-info.yaml": COMPONENT % "shop"})
    metadata = (await portal.entity("component:default/shop")).entity["metadata"]
    assert (metadata["title"], metadata["labels"]) == ("Shop", {"a": "b"})
    assert metadata["annotations"]["backstage.io/managed-by-location"].endswith("catalog-info.yaml")


async def test_what_can_not_stand_is_told_and_left_out(portal: Portal) -> None:
    portal.add("bad", Processor(post_process=changing("labels", {"a": "not a label!"})))
    portal.add("odd", Processor(post_process=changing("name", "other")))
    portal.add("raw", Processor(post_process=changing("x", {1, 2})))
    await portal.put({"catalog-info.yaml": COMPONENT % "shop"})
    event = await portal.entity("component:default/shop")
    assert "labels" not in event.entity["metadata"]
    assert [each.message.partition(":")[0] for each in event.status] == ["bad", "odd", "raw"]
    assert "emit another entity instead" in event.status[1].message


async def test_a_processor_that_raises_is_a_problem_of_that_entity_alone(portal: Portal) -> None:
    def fail(entity: Entity, _sight: Sight, _emit: Emit) -> Entity:
        if entity["metadata"]["name"] == "till":
            raise KeyError("nothing there")
        return changing("title", "Fine")(entity, _sight, _emit)

    portal.add("moody", Processor(pre_process=fail))
    await portal.put({"catalog-info.yaml": COMPONENT % "shop" + "---\n" + COMPONENT % "till"})
    shop, till = [await portal.entity(f"component:default/{name}") for name in ("shop", "till")]
    assert (shop.entity["metadata"]["title"], shop.status) == ("Fine", ())
    assert [each.message for each in till.status] == [
        "moody: failed: KeyError: 'nothing there' (of component:default/till)"
    ]


async def test_a_question_that_raises_is_told_too(portal: Portal) -> None:
    portal.add("odd", Processor(wants=lambda entity: bool(entity["no such"]), pre_process=changing("a", 1)))
    await portal.put({"catalog-info.yaml": COMPONENT % "shop"})
    assert (
        "odd: failed: KeyError: 'no such'"
        in (await portal.entity("component:default/shop")).status[0].message
    )


async def test_a_processor_that_hangs_is_left_out_after_some_patience(portal: Portal) -> None:
    def hang(_entity: Entity, sight: Sight, _emit: Emit) -> Entity:
        while sight.file("catalog-info.yaml") is not None:  # ends once the sight is closed
            time.sleep(0.01)
        raise AssertionError

    portal.add("slow", Processor(pre_process=hang))
    begun = time.monotonic()
    names = [f"c{number}" for number in range(20)]
    await portal.put({"catalog-info.yaml": "---\n".join(COMPONENT % name for name in names)})
    assert time.monotonic() - begun < 20 * 0.3
    problems = await portal.problems()
    assert problems[0] == "slow: took more than 0.3 seconds (of component:default/c0)"
    assert problems[3].startswith("slow: was too slow before")
    assert len(await portal.desk.entities()) == 20


async def test_what_was_emitted_stays_while_its_processor_fails(portal: Portal) -> None:
    working = [True]

    def emit_one(entity: Entity, _sight: Sight, emit: Emit) -> Entity:
        if not working[0]:
            raise OSError("away")
        if entity["metadata"]["name"] == "shop":
            emit.entity({**entity, "metadata": {"name": "made"}})
        return entity

    portal.add("maker", Processor(post_process=emit_one))
    await portal.put({"catalog-info.yaml": COMPONENT % "shop"})
    assert set(await portal.desk.entities()) == {"component:default/shop", "component:default/made"}
    for text in (COMPONENT % "shop" + "# new\n", (COMPONENT % "shop").replace("type: service", "type: 1")):
        working[0] = text.endswith("new\n") is False
        await portal.put({"catalog-info.yaml": text})
        assert set(await portal.desk.entities()) == {"component:default/shop", "component:default/made"}
    working[0] = True
    await portal.put({"catalog-info.yaml": (COMPONENT % "shop").replace("shop", "other")})
    assert set(await portal.desk.entities()) == {"component:default/other"}


async def test_entities_that_emit_each_other_without_end_are_stopped(portal: Portal) -> None:
    def another(entity: Entity, _sight: Sight, emit: Emit) -> Entity:
        emit.entity({**entity, "metadata": {"name": entity["metadata"]["name"] + "x"}})
        return entity

    portal.add("endless", Processor(post_process=another))
    await portal.put({"catalog-info.yaml": COMPONENT % "a"})
    assert len(await portal.desk.entities()) == 21
    assert await portal.problems() == ["endless: entities emit each other more than 20 deep"]


async def test_relations_problems_and_locations_are_taken(portal: Portal) -> None:
    def emit_all(entity: Entity, _sight: Sight, emit: Emit) -> Entity:
        if entity["metadata"]["name"] == "shop":
            emit.relation("component:default/shop", "dependsOn", "resource:default/db")
            emit.problem("no title", "warning", "metadata.title")
            emit.location("url", "./more.yaml")
            emit.location("url", "./none.yaml")
        return entity

    portal.add("all", Processor(post_process=emit_all))
    await portal.put({"catalog-info.yaml": COMPONENT % "shop", "more.yaml": COMPONENT % "more"})
    assert "component:default/more" in await portal.desk.entities()
    event = await portal.entity("component:default/shop")
    assert ("dependsOn", "resource:default/db") in [(each.type, each.target) for each in event.relations]
    assert [(each.level, each.message) for each in event.status] == [
        ("warning", "all: no title"),
        ("error", "all: ./none.yaml is not there; mend it, or say presence: optional"),
    ]


async def test_a_relation_between_others_is_refused(portal: Portal) -> None:
    def emit_strange(entity: Entity, _sight: Sight, emit: Emit) -> Entity:
        emit.relation("component:default/a", "dependsOn", "component:default/b")
        return entity

    portal.add("strange", Processor(post_process=emit_strange))
    await portal.put({"catalog-info.yaml": COMPONENT % "shop"})
    assert "a relation of others" in (await portal.entity("component:default/shop")).status[0].message


async def test_a_kind_that_a_processor_knows_comes_in_as_far_as_the_rules_allow(
    open_desk: Any, host: Any
) -> None:
    def knows(entity: Entity, _sight: Sight, _emit: Emit) -> bool:
        if entity["kind"] != "Robot":
            return False
        if "legs" not in (entity.get("spec") or {}):
            raise ValueError("a Robot needs spec.legs")
        return True

    robot = "apiVersion: robots/v1\nkind: Robot\nmetadata: {name: r2}\nspec: {legs: 3}\n"
    async with open_desk() as desk:
        with closing(Portal(desk, host, 0.3)) as portal:
            portal.add("robots", Processor(validate_kind=knows))
            await portal.put({"catalog-info.yaml": robot})
            assert "not of an allowed kind" in (await portal.problems())[0]
    async with open_desk(rules=[{"allow": ["Robot"]}]) as desk:
        with closing(Portal(desk, host, 0.3)) as portal:
            portal.add("robots", Processor(validate_kind=knows))
            await portal.put({"catalog-info.yaml": robot + "# more\n"})
            assert (await portal.entity("robot:default/r2")).entity["spec"] == {"legs": 3}
            await portal.put({"catalog-info.yaml": robot.replace("legs: 3", "arms: 3")})
            assert (await portal.problems())[-1] == "a Robot needs spec.legs"
            assert (await portal.entity("robot:default/r2")).entity["spec"] == {"legs": 3}


async def test_a_location_of_a_foreign_type_is_read_by_who_knows_it(portal: Portal) -> None:
    def read(target: LocationRef, _sight: Sight, emit: Emit) -> bool:
        if target.type != "list":
            return False
        for name in target.target.split(","):
            emit.entity(
                {
                    "apiVersion": "backstage.io/v1alpha1",
                    "kind": "Group",
                    "metadata": {"name": name},
                    "spec": {"type": "team", "children": []},
                }
            )
        return True

    portal.add("lists", Processor(read_location=read))
    location = (
        "apiVersion: backstage.io/v1alpha1\nkind: Location\nmetadata: {name: l}\n"
        "spec: {type: %s, target: 'a,b'}\n"
    )
    await portal.put({"catalog-info.yaml": location % "list"})
    assert set(await portal.desk.entities()) == {"location:default/l", "group:default/a", "group:default/b"}
    await portal.put({"catalog-info.yaml": location % "lost"})
    assert (await portal.problems())[0] == "there is no location type lost; there are url, file"


async def test_what_a_processor_read_is_read_again_when_it_changes(portal: Portal) -> None:
    def titled(entity: Entity, sight: Sight, _emit: Emit) -> Entity:
        entity["metadata"]["title"] = (sight.file("TITLE") or b"none").decode()
        return entity

    portal.add("titles", Processor(pre_process=titled))
    for title in ("One", "Two"):
        await portal.put({"catalog-info.yaml": COMPONENT % "shop", "TITLE": title})
        assert (await portal.entity("component:default/shop")).entity["metadata"]["title"] == title
    await portal.put({"catalog-info.yaml": COMPONENT % "shop"})
    assert (await portal.entity("component:default/shop")).entity["metadata"]["title"] == "none"


async def test_another_repository_that_a_processor_watches_is_heard_of(portal: Portal) -> None:
    watched = f"{portal.host.url}/titles/blob/main/TITLE"

    def titled(entity: Entity, sight: Sight, _emit: Emit) -> Entity:
        entity["metadata"]["title"] = sight.read(watched).decode()
        return entity

    portal.host.push("titles", {"TITLE": "One"})
    portal.add("titles", Processor(pre_process=titled))
    await portal.put({"catalog-info.yaml": COMPONENT % "shop"})
    found = await portal.desk.store.read(lambda table: table.of_repository(f"{portal.host.url}/titles"))
    assert [source.id for source in found] == [f"url:{portal.host.url}/shop"]


async def test_a_placeholder_of_a_plugin_is_replaced_and_its_failure_told(portal: Portal) -> None:
    def shout(reference: Reference) -> str:
        text = reference.read().decode()
        if text == "no":
            raise OSError("hoarse")
        return text.upper()

    portal.extensions.placeholders.add("shout", shout)
    portal.use()
    api = (
        "apiVersion: backstage.io/v1alpha1\nkind: API\nmetadata: {name: a}\n"
        "spec: {type: openapi, lifecycle: production, owner: t, definition: {$shout: ./text}}\n"
    )
    await portal.put({"catalog-info.yaml": api, "text": "yes"})
    assert (await portal.entity("api:default/a")).entity["spec"]["definition"] == "YES"
    await portal.put({"catalog-info.yaml": api, "text": "no"})
    event = await portal.entity("api:default/a")
    assert event.entity["spec"]["definition"] == "YES"
    assert "OSError: hoarse" in event.status[0].message


def test_other_plugins_make_another_digest(desk: Any) -> None:
    none = Loaded(Extensions(), {}, {"bad": "why"})
    one = Loaded(Extensions(), {"one": "1.0"}, {})
    newer = Loaded(Extensions(), {"one": "1.1"}, {})
    digests = [with_plugins(desk.configuration, each).digest for each in (none, one, newer)]
    assert digests[0] == desk.configuration.digest
    assert len(set(digests)) == 3
