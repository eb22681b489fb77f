"""A start that fails says which engine, how long, its last words, and what to do."""

import os
from pathlib import Path

import pytest
from sipario_engines import Addresses, EngineDidNotStart, Engines, EngineState
from sipario_engines.embedded import assemble
from sipario_engines.engine import OwnServer
from sipario_engines.ports import free_port
from sipario_engines.process import ServerProcess

NOWHERE = Addresses(
    kafka="", neo4j_url="", neo4j_user="", neo4j_password="", neo4j_database="", opensearch_url=""
)


class Mute(OwnServer):
    """A server that never answers."""

    name = "mute"
    advice = "Do this and that."
    patience = 0.5

    async def answers(self) -> bool:
        return False


def mute(folder: Path, *command: str) -> Mute:
    process = ServerProcess(command, log=folder / "logs" / "mute.log", folder=folder, env={})
    return Mute(process, "127.0.0.1:1")


async def test_one_that_ends_gives_its_last_words(tmp_path: Path) -> None:
    with pytest.raises(EngineDidNotStart) as failed:
        await mute(tmp_path, "/bin/sh", "-c", "echo the disk is full; exit 3").start()
    assert "mute engine did not start" in str(failed.value)
    assert "the disk is full" in str(failed.value)
    assert "Do this and that." in str(failed.value)


async def test_one_that_never_answers_is_ended_after_its_bound(tmp_path: Path) -> None:
    engine = mute(tmp_path, "/bin/sleep", "60")
    with pytest.raises(EngineDidNotStart) as failed:
        await engine.start()
    assert 0.5 <= failed.value.seconds < 5
    assert not engine.alive()


async def test_a_program_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(EngineDidNotStart, match="no-such-server"):
        await mute(tmp_path, str(tmp_path / "no-such-server")).start()


async def test_a_damaged_graph_says_that_it_can_be_rebuilt_and_the_others_are_stopped(tmp_path: Path) -> None:
    engines = assemble(tmp_path)
    (tmp_path / "graph" / "databases").write_text("this should have been a folder", encoding="utf-8")
    with pytest.raises(EngineDidNotStart, match="The graph can be rebuilt"):
        await engines.start()
    assert not any(state.alive for state in engines.states())


async def test_one_that_dies_again_and_again_is_told_of_and_tried_less_and_less(tmp_path: Path) -> None:
    engine = mute(tmp_path, "/bin/sh", "-c", "exit 1")
    heard: list[str] = []

    class EnoughError(Exception):
        """Ends the watch."""

    def listen(_: EngineState, sentence: str) -> None:
        heard.append(sentence)
        if engine.restarts == 3:
            raise EnoughError

    engine.process.spawn()
    await engine.ended()
    with pytest.raises(ExceptionGroup) as enough:
        await Engines(NOWHERE, [engine]).watch(listen)
    assert enough.group_contains(EnoughError)
    pauses = [sentence.rpartition(" in ")[2] for sentence in heard if "starting it again" in sentence]
    assert pauses == ["0.1 s", "0.2 s", "0.4 s"]


def test_a_free_port_is_not_one_that_outgoing_connections_get() -> None:
    lowest = Path("/proc/sys/net/ipv4/ip_local_port_range")
    first = int(lowest.read_text(encoding="utf-8").split()[0]) if lowest.exists() else 32_768
    assert all(15_000 <= free_port() < max(first, 32_768) for _ in range(50))
    assert os.name == "posix"


async def test_of_several_that_fail_one_is_told_and_not_a_group(tmp_path: Path) -> None:
    both = [mute(tmp_path, "/bin/sh", "-c", "echo no; exit 3") for _ in range(2)]
    with pytest.raises(EngineDidNotStart):
        await Engines(NOWHERE, both).start()
