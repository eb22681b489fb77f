"""The contract of the graph's store, on every engine there is."""

import random
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import replace
from typing import Any

import pytest
from neo4j import AsyncGraphDatabase
from neo4j.exceptions import Neo4jError
from pydantic import SecretStr
from sipario_catalog_graph.graph import Node, newest
from sipario_catalog_graph.settings import Settings
from sipario_catalog_graph.store_neo4j import Neo4jGraph
from sipario_engines import Engines
from sipario_kit.errors import EngineUnavailable, StoreForgotten
from sipario_kit.projection import Checkpoint
from sipario_model.relation import Relation

pytestmark = pytest.mark.engines("graph")

GENERATION = "a-life"


class Graph:
    """A store with the few verbs that the tests speak."""

    def __init__(self, engines: Engines) -> None:
        at = engines.addresses
        self.store = Neo4jGraph(
            Settings(
                neo4j_url=at.neo4j_url,
                neo4j_user=at.neo4j_user,
                neo4j_password=SecretStr(at.neo4j_password),
                neo4j_database=at.neo4j_database,
            )
        )
        self._driver = AsyncGraphDatabase.driver(at.neo4j_url, auth=(at.neo4j_user, at.neo4j_password))
        self._database = at.neo4j_database

    async def apply(self, *nodes: Node, offset: int = 1) -> list[Any]:
        return await self.store.apply(nodes, Checkpoint(GENERATION, {"t/0": offset}))

    async def run(self, text: str, **values: Any) -> list[dict[str, Any]]:
        async with self._driver.session(database=self._database) as session:
            return await (await session.run(text, values)).data()

    async def picture(self) -> tuple[dict[str, Any], list[Any]]:
        """All that readers can see, without marks of when it was written."""
        nodes = await self.run("MATCH (e:Entity) RETURN e.ref AS ref, e.version AS version, e.gone AS gone")
        edges = await self.run(
            "MATCH (s:Entity)-[r]->(t:Entity) "
            "RETURN s.ref AS s, type(r) AS type, t.ref AS t, r.declared_by AS by"
        )
        return (
            {row["ref"]: (row["version"], bool(row["gone"])) for row in nodes},
            sorted(tuple(str(each) for each in row.values()) for row in edges),
        )

    async def empty(self) -> None:
        while (await self.run("MATCH (n) WITH n LIMIT 300 DETACH DELETE n RETURN count(*) AS n"))[0]["n"]:
            pass

    async def aclose(self) -> None:
        await self._driver.close()


@pytest.fixture
async def graph(engines: Engines) -> AsyncIterator[Graph]:
    async with aclosing(Graph(engines)) as graph, graph.store.connected():
        await graph.empty()
        await graph.store.positions("")
        yield graph


def entity(name: str, version: int = 1, *needs: str, kind: str = "component", gone: bool = False) -> Node:
    ref = f"{kind}:default/{name}"
    relations = tuple(Relation(ref, "dependsOn", f"component:default/{each}") for each in sorted(needs))
    properties = {
        "ref": ref,
        "kind": kind,
        "namespace": "default",
        "name": name,
        "owner": "group:default/team",
    }
    return Node(
        ref, version, gone=gone, properties={} if gone else properties, relations=() if gone else relations
    )


async def test_an_entity_that_points_at_nothing_known_brings_a_stub(graph: Graph) -> None:
    changes = await graph.apply(entity("a", 1, "b"))
    assert [(each.ref, each.affected) for each in changes] == [
        ("component:default/a", ("component:default/b",))
    ]
    nodes, edges = await graph.picture()
    assert nodes == {"component:default/a": (1, False), "component:default/b": (None, False)}
    assert [edge[1] for edge in edges] == ["DEPENDS_ON"]


async def test_a_label_tells_the_kind(graph: Graph) -> None:
    await graph.apply(entity("a"), entity("x", kind="api"), entity("s", kind="no good`kind"))
    rows = await graph.run("MATCH (e:Entity) RETURN e.name AS name, labels(e) AS labels")
    assert {row["name"]: sorted(row["labels"]) for row in rows} == {
        "a": ["Component", "Entity"],
        "x": ["API", "Entity"],
        "s": ["Entity", "Other"],
    }


async def test_relations_that_definitions_add_have_types_of_their_own(graph: Graph) -> None:
    live = entity("live", kind="environment")
    runs = tuple(Relation(live.ref, type_, "resource:default/rack") for type_ in ("runsOn", "uses_A"))
    await graph.apply(replace(live, relations=runs))
    assert [edge[1] for edge in (await graph.picture())[1]] == ["RUNS_ON", "USES__A"]
    await graph.apply(replace(live, version=2, relations=runs[1:]))
    assert [edge[1] for edge in (await graph.picture())[1]] == ["USES__A"]


async def test_hearing_it_twice_says_it_once(graph: Graph) -> None:
    assert len(await graph.apply(entity("a", 2, "b"))) == 1
    await graph.store.said()
    assert await graph.apply(entity("a", 2, "b")) == []
    assert await graph.apply(entity("a", 1, "c")) == []


async def test_what_was_written_but_never_said_is_told_again(graph: Graph) -> None:
    written = await graph.apply(entity("a", 1, "b"))
    assert await graph.apply(entity("a", 1, "b")) == written


async def test_a_new_version_replaces_exactly_its_own_edges(graph: Graph) -> None:
    await graph.apply(entity("a", 1, "b", "c"), entity("d", 1, "b"))
    await graph.store.said()
    (change,) = await graph.apply(entity("a", 2, "c", "e"))
    assert [each.target for each in change.added] == ["component:default/e"]
    assert [each.target for each in change.removed] == ["component:default/b"]
    _, edges = await graph.picture()
    declared = [(edge[0][-1], edge[2][-1]) for edge in edges if edge[1] == "DEPENDS_ON"]
    assert declared == [("a", "c"), ("a", "e"), ("d", "b")]


async def test_a_stub_goes_when_nothing_points_at_it_and_a_tombstone_stays(graph: Graph) -> None:
    await graph.apply(entity("a", 1, "b"))
    await graph.apply(entity("a", 2, gone=True))
    nodes, edges = await graph.picture()
    assert nodes == {"component:default/a": (2, True)}
    assert edges == []


async def test_the_place_belongs_to_one_life_of_the_broker(graph: Graph) -> None:
    await graph.apply(entity("a"), offset=7)
    assert await graph.store.positions(GENERATION) == {"t/0": 7}
    assert await graph.store.positions("another-life") == {}


async def test_a_graph_that_was_emptied_while_it_served_says_so_and_is_filled_anew(graph: Graph) -> None:
    await graph.apply(entity("a", 1, "b"), offset=7)
    constraints = await graph.run("SHOW CONSTRAINTS YIELD name RETURN name ORDER BY name")
    await graph.empty()
    for row in constraints:
        await graph.run(f"DROP CONSTRAINT `{row['name']}`")
    with pytest.raises(StoreForgotten):
        await graph.apply(entity("c"), offset=8)
    assert await graph.picture() == ({}, [])
    assert await graph.store.positions(GENERATION) == {}
    assert await graph.run("SHOW CONSTRAINTS YIELD name RETURN name ORDER BY name") == constraints
    await graph.apply(entity("a", 1, "b"), offset=7)
    assert await graph.store.positions(GENERATION) == {"t/0": 7}


async def test_what_is_told_again_in_a_new_life_is_news_only_where_it_is_newer(graph: Graph) -> None:
    await graph.apply(entity("a", 2, "b"), entity("gone", 2, gone=True))
    await graph.store.said()
    assert await graph.store.positions("another-life") == {}
    again = [
        entity("a", 1, "old"),
        entity("a", 2, "b"),
        entity("a", 3, "c"),
        entity("gone", 1),
        entity("new"),
    ]
    for offset, node in enumerate(again, 1):
        changes = await graph.store.apply([node], Checkpoint("another-life", {"t/0": offset}))
        await graph.store.said()
        assert [(each.ref, each.version) for each in changes] == (
            [(node.ref, node.version)] if node in again[2::2] else []
        )
    assert await graph.store.positions("another-life") == {"t/0": len(again)}
    nodes, edges = await graph.picture()
    assert nodes["component:default/gone"] == (2, True)
    assert [edge[2] for edge in edges] == ["component:default/c"]


async def test_a_graph_that_was_emptied_before_a_new_life_began_to_be_told_is_filled_anew(
    graph: Graph,
) -> None:
    await graph.apply(entity("a", 1, "b"))
    assert await graph.store.positions("another-life") == {}
    await graph.empty()
    with pytest.raises(StoreForgotten):
        await graph.store.apply([entity("a", 1, "b")], Checkpoint("another-life", {"t/0": 1}))
    assert await graph.store.positions("another-life") == {}
    await graph.store.apply([entity("a", 1, "b")], Checkpoint("another-life", {"t/0": 1}))
    assert (await graph.picture())[0]["component:default/a"] == (1, False)


async def test_what_was_not_said_before_a_crash_is_still_there_to_say(graph: Graph) -> None:
    changes = await graph.apply(entity("a", 1, "b"))
    assert await graph.store.unsaid() == changes
    await graph.store.said()
    assert await graph.store.unsaid() == []


@pytest.mark.parametrize("seed", range(4))
async def test_the_graph_equals_the_fold_whatever_comes_twice_late_or_out_of_order(
    graph: Graph, seed: int
) -> None:
    chance = random.Random(seed)
    told = [_random(chance, version) for version in range(1, 120)]
    heard = [*told, *chance.choices(told, k=60)]
    chance.shuffle(heard)
    while heard:
        size = chance.randint(1, 25)
        await graph.apply(*heard[:size])
        del heard[:size]
    fed = await graph.picture()
    await graph.empty()
    assert await graph.store.positions(GENERATION) == {}
    await graph.apply(*newest(told).values())
    assert fed == await graph.picture()


@pytest.mark.parametrize("seed", range(2))
async def test_a_rebuild_mends_what_somebody_broke_by_hand(graph: Graph, seed: int) -> None:
    chance = random.Random(seed)
    heads = list(newest(_random(chance, version) for version in range(1, 60)).values())
    await graph.apply(*heads)
    right = await graph.picture()
    names = sorted(right[0])
    await graph.run("MATCH (e:Entity {ref: $ref}) DETACH DELETE e", ref=names[0])
    await graph.run("MATCH (e:Entity {ref: $ref}) SET e.version = 99999, e.epoch = 0", ref=names[1])
    await graph.run("MATCH (e:Entity {ref: $ref})-[r]-() DELETE r", ref=names[2])
    await graph.run(
        "MATCH (e:Entity {ref: $ref}) CREATE (e)-[:PART_OF]->(:Entity {ref: 'system:default/made-up'})",
        ref=names[3],
    )
    await graph.run("CREATE (:Entity {name: 'without a ref'})")
    epoch = await graph.store.begin()
    await graph.store.again(heads)
    await graph.store.sweep(epoch)
    assert await graph.picture() == right


async def test_a_graph_that_is_away_is_told_from_one_that_refuses() -> None:
    store = Neo4jGraph(Settings(neo4j_url="bolt://127.0.0.1:9"))
    async with store.connected():
        with pytest.raises(EngineUnavailable, match="does not answer"):
            await store.positions(GENERATION)


async def test_a_login_that_is_refused_is_waited_out_as_if_the_graph_were_away(engines: Engines) -> None:
    at = engines.addresses
    wrong = SecretStr("not the password")
    settings = Settings(
        neo4j_url=at.neo4j_url,
        neo4j_user=at.neo4j_user,
        neo4j_password=wrong,
        neo4j_database=at.neo4j_database,
    )
    store = Neo4jGraph(settings)
    async with store.connected():
        with pytest.raises(EngineUnavailable):
            await store.positions(GENERATION)


async def test_a_statement_that_is_wrong_is_no_absence_of_the_graph(graph: Graph) -> None:
    with pytest.raises(Neo4jError):
        await graph.apply(Node("component:default/a", 1, properties={"ref": "r", "name": {"no": "map"}}))


async def test_relations_are_read_as_they_were_written_whoever_begins_them(graph: Graph) -> None:
    ref, other = "component:default/a", "component:default/b"
    relations = (Relation(ref, "dependsOn", other), Relation(other, "partOf", ref))
    await graph.apply(Node(ref, 1, relations=relations, properties=entity("a").properties))
    await graph.store.said()
    (change,) = await graph.apply(Node(ref, 2, properties=entity("a").properties))
    assert set(change.removed) == set(relations)
    assert (await graph.picture())[1] == []


def _random(chance: random.Random, version: int) -> Node:
    name = chance.choice("abcdefgh")
    needs = chance.sample("abcdefghxyz", chance.randint(0, 4))
    return entity(name, version, *needs, gone=chance.random() < 0.25)
