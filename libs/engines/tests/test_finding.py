"""Where real engines come from, and what is said when they cannot be had."""

from pathlib import Path

import pytest
from sipario_engines import Engines, EngineUnavailable, real
from sipario_engines.containers import check_docker
from sipario_engines.real import find


async def test_urls_in_the_environment_come_first(
    engines: Engines, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    where = engines.addresses
    monkeypatch.setenv("SIPARIO_TEST_KAFKA", where.kafka)
    monkeypatch.setenv("SIPARIO_TEST_NEO4J", where.neo4j_url)
    monkeypatch.setenv("SIPARIO_TEST_NEO4J_USER", where.neo4j_user)
    monkeypatch.setenv("SIPARIO_TEST_NEO4J_PASSWORD", where.neo4j_password)
    monkeypatch.setenv("SIPARIO_TEST_NEO4J_DATABASE", where.neo4j_database)
    monkeypatch.setenv("SIPARIO_TEST_OPENSEARCH", where.opensearch_url)
    async with real(tmp_path) as given:
        assert given.addresses.kafka == where.kafka
        assert [state.pid for state in given.states()] == [None, None, None]
    assert all(state.alive for state in engines.states())


def test_without_any_of_them_the_reason_names_what_was_tried(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("SIPARIO_TEST_KAFKA", "DOCKER_HOST"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SIPARIO_CACHE", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))
    try:
        check_docker()
    except EngineUnavailable:
        with pytest.raises(
            EngineUnavailable, match=r"SIPARIO_TEST_KAFKA is not set; .*; there is no (JDK|Maven)"
        ):
            find(tmp_path)
    else:
        pytest.skip("a Docker engine answers here")
