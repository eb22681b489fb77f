"""Kinds that definitions add come, change and go like everything else: by a push."""

from collections.abc import Callable
from typing import Any

from sipario_events import EntityChanged
from sipario_ingestor.source import Address
from sipario_model import Relation, RelationType, documents

DEFINITION = """
apiVersion: sipario.dev/v1alpha1
kind: KindDefinition
metadata: {name: %(name)s}
spec:
  owner: platform
  names: {kind: %(kind)s}
  schema: {type: object, required: [%(needs)s]}
  relations:
    - {field: runsOn, type: runsOn, inverse: %(inverse)s, defaultKind: resource}
"""
INSTANCE = """
apiVersion: backstage.io/v1alpha1
kind: %(kind)s
metadata: {name: live}
spec: {region: eu, runsOn: rack}
"""
LIVE = "environment:default/live"


def definition(
    name: str = "environment", kind: str = "Environment", *, needs: str = "region", inverse: str = "hosts"
) -> str:
    return DEFINITION % {"name": name, "kind": kind, "needs": needs, "inverse": inverse}


def instance(kind: str = "Environment") -> str:
    return INSTANCE % {"kind": kind}


def file(text: str) -> dict[str, str]:
    return {"catalog-info.yaml": text}


async def pushed(desk: Any, host: Any, name: str, text: str) -> None:
    """Push a file, and read what is to be read because of it."""
    host.push(name, file(text))
    await desk.store.write(lambda table: table.add(address(host, name), "test"))
    await desk.store.write(lambda table: table.ask([address(host, name).id], force=True))
    await desk.settle()


def address(host: Any, name: str) -> Address:
    repository = f"{host.url}/{name}"
    return Address(f"url:{repository}", repository)


async def test_a_definition_and_its_entities_come_in_with_one_push(desk: Any, host: Any) -> None:
    await pushed(desk, host, "all", f"{instance()}---{definition()}")
    live = (await desk.entities())[LIVE]
    assert live.relations == (Relation(LIVE, "runsOn", "resource:default/rack"),)
    assert live.types == (RelationType("runsOn", "hosts"),)
    assert await desk.problems("all") == []
    assert not (await desk.source("all")).problems


async def test_entities_that_were_there_before_come_in_with_the_definition(desk: Any, host: Any) -> None:
    await pushed(desk, host, "app", instance())
    assert await desk.refs() == []
    assert "foreign kind" in (await desk.problems("app"))[0]
    await pushed(desk, host, "platform", definition())
    assert await desk.refs() == [LIVE, "kinddefinition:default/environment"]
    assert await desk.problems("app") == []


async def test_another_schema_judges_what_was_good_anew(desk: Any, host: Any) -> None:
    await pushed(desk, host, "app", instance())
    await pushed(desk, host, "platform", definition())
    await pushed(desk, host, "platform", definition(needs="tier"))
    (problem,) = await desk.problems("app")
    assert "must have required property 'tier'" in problem
    assert [each.level for each in (await desk.entities())[LIVE].status] == ["error"]
    await pushed(desk, host, "platform", definition(inverse="carries"))
    live = (await desk.entities())[LIVE]
    assert (live.status, live.types) == ((), (RelationType("runsOn", "carries"),))


async def test_entities_whose_definition_went_stay_as_they_were(desk: Any, host: Any) -> None:
    await pushed(desk, host, "app", instance())
    await pushed(desk, host, "platform", definition())
    await pushed(desk, host, "platform", definition("cell", "Cell"))
    live = (await desk.entities())[LIVE]
    assert live.types == (RelationType("runsOn", "hosts"),)
    assert "foreign kind" in live.status[0].message
    await desk.store.write(lambda table: table.drop(address(host, "platform").id, "test"))
    await desk.settle()
    assert await desk.refs() == [LIVE]


async def test_what_changes_no_entity_reads_nothing_again(desk: Any, host: Any) -> None:
    await pushed(desk, host, "app", instance())
    await pushed(desk, host, "platform", definition())
    before = await desk.source("app")
    await pushed(desk, host, "platform", definition().replace("owner: platform", "owner: others"))
    assert (await desk.source("app")).asked == before.asked
    assert (await desk.entities())["kinddefinition:default/environment"].entity["spec"]["owner"] == "others"


async def test_the_later_of_two_contradicting_definitions_is_told_and_waits(desk: Any, host: Any) -> None:
    await pushed(desk, host, "first", definition())
    await pushed(desk, host, "later", definition("area", "Area", inverse="carries"))
    (problem,) = await desk.problems("later")
    assert "runsOn has the inverse hosts (kinddefinition:default/environment)" in problem
    await pushed(desk, host, "first", definition(needs="tier"))
    assert [*desk.kinds.vocabulary.kinds][-1] == "Environment"
    await pushed(desk, host, "first", definition("zone", "Zone", inverse="carries"))
    assert await desk.problems("later") == []
    assert await desk.refs() == ["kinddefinition:default/area", "kinddefinition:default/zone"]


async def test_two_that_come_together_and_contradict_each_other_settle(desk: Any, host: Any) -> None:
    both = f"{definition()}---{definition('area', 'Area', inverse='carries')}"
    await pushed(desk, host, "both", both)
    (problem,) = await desk.problems("both")
    assert "runsOn has the inverse carries (kinddefinition:default/area), so it can't have hosts" in problem
    assert desk.kinds.vocabulary.defines("Area")
    assert not desk.kinds.vocabulary.defines("Environment")
    before = await desk.ledger.top()
    await pushed(desk, host, "both", both)
    assert await desk.ledger.top() == before


async def test_what_a_crash_left_unread_is_read_at_the_next_start(desk: Any, host: Any) -> None:
    await pushed(desk, host, "app", instance())
    (document,) = documents(definition(), "definition.yaml")
    ref = "kinddefinition:default/environment"
    await desk.ledger.record([EntityChanged(ref=ref, entity=document.value)], "url:elsewhere")
    await desk.kinds.refresh()
    await desk.settle()
    assert await desk.refs() == [LIVE, ref]


async def test_rules_that_name_a_kind_decide_on_it(open_desk: Callable[..., Any], host: Any) -> None:
    rules = [{"allow": ["KindDefinition"]}, {"allow": ["Environment"], "locations": [{"pattern": "nowhere"}]}]
    async with open_desk(rules=rules) as desk:
        await pushed(
            desk, host, "all", f"{definition()}---{instance()}---{definition('area', 'Area', needs='x')}"
        )
        assert any("environment:default/live" in each for each in await desk.problems("all"))
        assert await desk.refs() == ["kinddefinition:default/area", "kinddefinition:default/environment"]


async def test_kinds_may_only_be_defined_where_rules_say_so(open_desk: Callable[..., Any], host: Any) -> None:
    async with open_desk(rules=[{"allow": ["Component"]}]) as desk:
        await pushed(desk, host, "all", f"{definition()}---{instance()}")
        assert await desk.refs() == []
        assert any("allow KindDefinition in catalog.rules" in each for each in await desk.problems("all"))


async def test_a_trial_knows_the_kinds_too(desk: Any, host: Any) -> None:
    await pushed(desk, host, "platform", definition())
    entity = {
        "apiVersion": "backstage.io/v1alpha1",
        "kind": "Environment",
        "metadata": {"name": "x"},
        "spec": {},
    }
    (flaw,) = await desk.trial.validate(entity, "url:https://h/x")
    assert "'region'" in flaw.message
