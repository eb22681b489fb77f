"""Each engine, embedded or real, answers the official client of its protocol."""

import uuid

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from neo4j import AsyncGraphDatabase
from opensearchpy import AsyncOpenSearch
from sipario_engines import Engines


async def test_the_broker_gives_back_what_was_sent(engines: Engines) -> None:
    topic = f"test.{uuid.uuid4().hex}"
    async with AIOKafkaProducer(bootstrap_servers=engines.addresses.kafka) as producer:
        sent = await producer.send_and_wait(topic, b"value", key=b"key")
    consumer = AIOKafkaConsumer(bootstrap_servers=engines.addresses.kafka, auto_offset_reset="earliest")
    async with consumer:
        partition = TopicPartition(topic, sent.partition)
        consumer.assign([partition])
        await consumer.seek_to_beginning(partition)
        received = await consumer.getone()
    assert (received.key, received.value) == (b"key", b"value")


async def test_the_graph_merges_and_finds(engines: Engines) -> None:
    where = engines.addresses
    ref = f"component:default/{uuid.uuid4().hex}"
    async with AsyncGraphDatabase.driver(
        where.neo4j_url, auth=(where.neo4j_user, where.neo4j_password)
    ) as driver:
        for version in (1, 2):
            await driver.execute_query(
                "MERGE (entity:Entity {ref: $ref}) SET entity.version = $version",
                {"ref": ref, "version": version},
                database_=where.neo4j_database,
            )
        found = await driver.execute_query(
            "MATCH (entity:Entity {ref: $ref}) RETURN entity.version AS version",
            {"ref": ref},
            database_=where.neo4j_database,
        )
    assert [record["version"] for record in found.records] == [2]


async def test_the_index_finds_what_was_indexed(engines: Engines) -> None:
    index = f"test-{uuid.uuid4().hex}"
    client = AsyncOpenSearch(hosts=[engines.addresses.opensearch_url])
    try:
        await client.index(
            index=index, id="1", body={"title": "the curtain opens"}, params={"refresh": "true"}
        )
        found = await client.search(index=index, body={"query": {"match": {"title": "curtain"}}})
        await client.indices.delete(index=index)
    finally:
        await client.close()
    assert [hit["_id"] for hit in found["hits"]["hits"]] == ["1"]
