"""Providers of entities are sources: read on their schedule, recorded like repositories, and kept when they fail."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from threading import Event
from typing import Any

import pytest
from sipario_events import RepositoryChanged
from sipario_ingestor.reader import MOST_FILES
from sipario_kit.projection import Checkpoint
from sipario_plugin import Extensions, Found, Provider, Surroundings, Unreadable
from sipario_testkit.waiting import until

ID = "provider:staff/main"
ANNOTATIONS = "backstage.io/managed-by-location", "backstage.io/managed-by-origin-location"
PATIENCE = 10.0


def user(name: str, **spec: Any) -> Found:
    entity = {
        "apiVersion": "backstage.io/v1alpha1",
        "kind": "User",
        "metadata": {"name": name},
        "spec": {"memberOf": [], **spec},
    }
    return Found(f"staff:main/{name}", entity)


class Staff:
    """A directory of people that a plugin of the name `staff` reads."""

    def __init__(self) -> None:
        self.found: list[Found] = []
        self.turns: list[list[Found]] = []
        self.fails: Exception | None = None
        self.readings = 0
        self.hold: Event | None = None

    def extensions(self) -> Extensions:
        portal = Extensions().drafted("staff")
        portal.providers.add("staff", self._made)
        return portal

    def _made(self, name: str, entry: Mapping[str, Any], _surroundings: Surroundings) -> Provider | None:
        if entry.get("off"):
            return None
        if "target" not in entry:
            raise ValueError("target: an address is expected")
        assert name
        return Provider(
            self.read,
            hears=lambda change, fact: (change, fact["repository"]) == ("membership", "https://x/o"),
        )

    def read(self) -> Iterable[Found]:
        self.readings += 1
        if self.hold:
            self.hold.wait(PATIENCE)
        yield from self.turns.pop(0) if self.turns else self.found
        if self.fails:
            raise self.fails


@pytest.fixture
def staff() -> Staff:
    return Staff()


@pytest.fixture
async def open_staff(open_desk: Callable[..., Any], staff: Staff) -> AsyncIterator[Callable[..., Any]]:
    def opened(**entry: Any) -> Any:
        entries = {"main": {"target": "here", **entry}} if entry.pop("there", True) else {}
        return open_desk(staff.extensions(), providers={"staff": entries})

    yield opened
    await asyncio.sleep(0)


async def at_its_time(desk: Any) -> None:
    """Do what the timetable does at the start, and when it is time."""
    await desk.store.write(desk.timetable.settle)
    for address in desk.providers.addresses():
        await desk.store.write(lambda table, each=address: desk.timetable.ask(each, table))
    await desk.settle()


async def source(desk: Any) -> dict[str, Any]:
    shown: list[dict[str, Any]] = await desk.registry.sources()
    (found,) = [each for each in shown if each["id"].startswith("provider:")]
    return found


async def test_what_a_provider_finds_is_catalogued_with_where_it_was_found(
    open_staff: Any, staff: Staff
) -> None:
    staff.found = [user("ada"), user("bo")]
    async with open_staff() as desk:
        await at_its_time(desk)
        entities = await desk.entities()
        assert list(entities) == ["user:default/ada", "user:default/bo"]
        annotations = entities["user:default/ada"].entity["metadata"]["annotations"]
        assert [annotations[name] for name in ANNOTATIONS] == ["staff:main/ada"] * 2
        shown = await source(desk)
        assert (shown["id"], shown["state"], shown["problems"]) == (ID, "ok", [])
        assert shown["readAt"]


async def test_users_come_from_providers_whatever_the_rules_say_of_repositories(
    open_desk: Any, staff: Staff
) -> None:
    staff.found = [user("ada")]
    rules = [{"allow": ["Component"]}]
    providers = {"staff": {"target": "here"}}
    async with open_desk(staff.extensions(), rules=rules, providers=providers) as desk:
        await at_its_time(desk)
        assert await desk.refs() == ["user:default/ada"]
        assert (await source(desk))["id"] == "provider:staff/default"


async def test_files_that_a_provider_finds_are_judged_by_the_rules_and_may_name_each_other(
    open_desk: Any, staff: Staff
) -> None:
    head = "apiVersion: backstage.io/v1alpha1\nmetadata: {name: %s}\nkind: "
    location = (head % "all") + "Location\nspec: {targets: [./parts/one.yaml]}\n"
    component = (head % "one") + "Component\nspec: {type: t, lifecycle: l, owner: o}\n"
    person = (head % "eve") + "User\nspec: {memberOf: []}\n"
    bucket = "https://bucket.example/catalog"
    staff.found = [
        Found(f"{bucket}/all.yaml", content=location.encode()),
        Found(f"url:{bucket}/parts/one.yaml", content=component.encode()),
        Found(f"{bucket}/eve.yaml", content=person.encode()),
    ]
    rules = [{"allow": ["Component", "Location"]}]
    providers = {"staff": {"target": "here"}}
    async with open_desk(staff.extensions(), rules=rules, providers=providers) as desk:
        await at_its_time(desk)
        assert await desk.refs() == ["component:default/one", "location:default/all"]
        (problem,) = (await source(desk))["problems"]
        assert "user:default/eve" in problem["message"]
        assert "is not of an allowed kind" in problem["message"]
        one = (await desk.entities())["component:default/one"].entity["metadata"]["annotations"]
        assert [one[name] for name in ANNOTATIONS] == [f"url:{bucket}/parts/one.yaml"] * 2


async def test_a_provider_may_give_more_files_than_a_repository_may_have(
    open_staff: Any, staff: Staff
) -> None:
    kind = "apiVersion: backstage.io/v1alpha1\nkind: Resource\nmetadata: {name: r%d}\n"
    spec = "spec: {type: bucket, owner: team-a}\n"
    staff.found = [
        Found(f"https://bucket.example/{at}.yaml", content=(kind % at + spec).encode())
        for at in range(MOST_FILES + 1)
    ]
    async with open_staff() as desk:
        await at_its_time(desk)
        assert (await source(desk))["problems"] == []
        assert len(await desk.refs()) == MOST_FILES + 1


async def test_whom_a_provider_does_not_give_any_more_is_gone_and_the_same_twice_is_silent(
    open_staff: Any, staff: Staff
) -> None:
    staff.found = [user("ada"), user("bo")]
    async with open_staff() as desk:
        await at_its_time(desk)
        top = await desk.ledger.top()
        await at_its_time(desk)
        assert await desk.ledger.top() == top
        staff.found = [user("ada")]
        await at_its_time(desk)
        assert await desk.refs() == ["user:default/ada"]


async def test_who_is_missing_is_looked_for_once_more_before_anybody_goes(
    open_staff: Any, staff: Staff
) -> None:
    staff.found = [user("ada"), user("bo"), user("cy")]
    async with open_staff() as desk:
        await at_its_time(desk)
        staff.turns = [[user("ada")], [user("bo", profile={"displayName": "Bo"})]]
        await at_its_time(desk)
        assert await desk.refs() == ["user:default/ada", "user:default/bo"]
        assert (await desk.entities())["user:default/bo"].entity["spec"]["profile"] == {"displayName": "Bo"}
        staff.found = [user("ada"), user("bo")]
        readings = staff.readings
        await at_its_time(desk)
        assert staff.readings == readings + 1  # when nobody is missing, once is enough


@pytest.mark.parametrize(
    ("failure", "message"),
    [
        (Unreadable("the directory refuses us"), "the directory refuses us"),
        (Unreadable("the directory is away", later=True), "the directory is away"),
        (KeyError("uid"), "failed: KeyError: 'uid'"),
    ],
)
async def test_a_provider_that_gives_part_keeps_everything_and_says_why(
    open_staff: Any, staff: Staff, failure: Exception, message: str
) -> None:
    staff.found = [user("ada"), user("bo")]
    async with open_staff() as desk:
        await at_its_time(desk)
        staff.found, staff.fails = [user("ada", profile={"email": "ada@example.org"})], failure
        await at_its_time(desk)
        assert await desk.refs() == ["user:default/ada", "user:default/bo"]
        shown = await source(desk)
        assert (shown["state"], [each["message"] for each in shown["problems"]]) == ("failed", [message])


async def test_one_bad_entity_keeps_its_last_good_version_and_harms_no_other(
    open_staff: Any, staff: Staff
) -> None:
    staff.found = [user("ada"), user("bo")]
    async with open_staff() as desk:
        await at_its_time(desk)
        staff.found = [user("ada", memberOf="all"), user("cy")]
        await at_its_time(desk)
        assert await desk.refs() == ["user:default/ada", "user:default/cy"]
        assert (await desk.entities())["user:default/ada"].entity["spec"] == {"memberOf": []}
        (problem,) = (await source(desk))["problems"]
        assert problem["entityRef"] == "user:default/ada"
        assert "line" not in problem


async def test_half_a_character_in_a_name_harms_nobody(open_staff: Any, staff: Staff) -> None:
    staff.found = [user("ada", profile={"displayName": "Ada \ud83d"}), user("bo")]
    async with open_staff() as desk:
        await at_its_time(desk)
        entities = await desk.entities()
        assert list(entities) == ["user:default/ada", "user:default/bo"]
        assert entities["user:default/ada"].entity["spec"]["profile"] == {"displayName": "Ada ?"}


async def test_what_json_cannot_say_is_no_entity_and_nobody_goes_for_it(
    open_staff: Any, staff: Staff
) -> None:
    staff.found = [user("ada"), user("bo")]
    async with open_staff() as desk:
        await at_its_time(desk)
        staff.found = [user("ada", since=object())]
        await at_its_time(desk)
        assert await desk.refs() == ["user:default/ada", "user:default/bo"]
        (problem,) = (await source(desk))["problems"]
        assert "what was found at staff:main/ada is no entity" in problem["message"]


async def test_an_entry_that_is_taken_out_lets_go_of_its_entities(open_staff: Any, staff: Staff) -> None:
    staff.found = [user("ada")]
    async with open_staff() as desk:
        await at_its_time(desk)
    async with open_staff(there=False) as desk:
        await at_its_time(desk)
        assert await desk.refs() == []
        assert not [each for each in await desk.registry.sources() if each["id"] == ID]


async def test_with_keep_an_entry_that_is_taken_out_leaves_its_entities(
    open_staff: Any, open_desk: Callable[..., Any], staff: Staff
) -> None:
    staff.found = [user("ada")]
    async with open_staff() as desk:
        await at_its_time(desk)
    async with open_desk(staff.extensions(), orphanProviderStrategy="keep") as desk:
        await at_its_time(desk)
        assert await desk.refs() == ["user:default/ada"]
        assert [each["id"] for each in await desk.registry.sources()] == [ID]


async def test_nothing_goes_when_the_plugin_is_missing_or_its_entry_is_wrong(
    open_desk: Any, staff: Staff
) -> None:
    staff.found = [user("ada")]
    good = {"staff": {"main": {"target": "here"}}}
    for entries, plugins, message in (
        (good, staff.extensions(), None),
        (good, Extensions(), "no plugin that works reads catalog.providers.staff"),
        (
            {"staff": {"main": {"aim": {}}}},
            staff.extensions(),
            "catalog.providers.staff.main: target: an address is expected",
        ),
        (
            {"staff": {"main": {"target": "here", "schedule": {"frequency": "often"}}}},
            staff.extensions(),
            "catalog.providers.staff.main: schedule.frequency: a duration",
        ),
    ):
        async with open_desk(plugins, providers=entries) as desk:
            await at_its_time(desk)
            assert await desk.refs() == ["user:default/ada"]
            problems = [each["message"] for each in (await source(desk))["problems"]]
            assert [each.startswith(message or "") for each in problems] == ([True] if message else [])


async def test_an_entry_may_ask_for_no_entities(open_staff: Any) -> None:
    async with open_staff(off=True) as desk:
        assert desk.providers.addresses() == []


async def test_what_repositories_declare_already_is_refused_to_a_provider(
    open_staff: Any, staff: Staff, host: Any
) -> None:
    staff.found = [user("ada"), user("bo")]
    host.push(
        "people",
        {
            "catalog-info.yaml": "apiVersion: backstage.io/v1alpha1\nkind: User\n"
            "metadata: {name: ada}\nspec: {memberOf: []}\n"
        },
    )
    async with open_staff() as desk:
        await desk.register(f"{host.url}/people")
        await at_its_time(desk)
        assert await desk.refs() == ["user:default/ada", "user:default/bo"]
        (problem,) = (await source(desk))["problems"]
        assert problem["message"].startswith("user:default/ada is already declared by url:file://")


async def test_a_provider_that_never_ends_is_not_waited_for_and_not_asked_twice(
    open_staff: Any, staff: Staff
) -> None:
    staff.hold = Event()
    async with open_staff(schedule={"timeout": {"seconds": 1}}) as desk:
        await desk.store.write(lambda table: desk.timetable.ask(desk.providers.addresses()[0], table))
        for message in (
            "did not give everything within 1 seconds; see schedule.timeout",
            "it was asked before, and has not answered yet",
        ):
            due = await desk.store.read(lambda table: table.find(ID))
            await desk.reading.read(due)
            assert [each["message"] for each in (await source(desk))["problems"]] == [message]
        assert staff.readings == 1
        staff.hold.set()


async def test_what_is_heard_of_a_host_has_the_provider_read_again(open_staff: Any, staff: Staff) -> None:
    async with open_staff() as desk:
        await at_its_time(desk)
        elsewhere = RepositoryChanged(repository="https://x/other", change="membership")
        here = RepositoryChanged(repository="https://x/o", change="membership", mark="1")
        await desk.inbox.apply([elsewhere], Checkpoint("life", {}))
        await desk.settle()
        assert staff.readings == 1
        staff.found = [user("new")]
        await desk.inbox.apply([here], Checkpoint("life", {}))
        await desk.settle()
        assert (staff.readings, await desk.refs()) == (2, ["user:default/new"])


async def test_a_look_at_all_repositories_does_not_ask_providers_again(open_staff: Any, staff: Staff) -> None:
    async with open_staff() as desk:
        await at_its_time(desk)
        await desk.look()
        assert staff.readings == 1


async def test_the_timetable_asks_at_the_start_and_when_it_is_time(open_staff: Any, staff: Staff) -> None:
    staff.found = [user("ada")]
    async with open_staff(schedule={"frequency": {"seconds": 1}}) as desk:
        async with desk.workers.running(), desk.timetable.running():
            await until(lambda: staff.readings >= 2)
        assert await desk.refs() == ["user:default/ada"]
