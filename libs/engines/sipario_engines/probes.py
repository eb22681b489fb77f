"""The smallest question to each protocol that only a working server answers."""

import asyncio
import base64
import struct

QUESTION_SECONDS = 2.0
_API_VERSIONS = struct.pack(">hhih", 18, 0, 1, -1)


async def kafka_answers(host: str, port: int) -> bool:
    """Whether a broker tells its API versions."""
    question = struct.pack(">i", len(_API_VERSIONS)) + _API_VERSIONS
    answer = await _ask(host, port, question, 14)
    return len(answer) == 14 and struct.unpack(">ih", answer[4:10]) == (1, 0)


async def listens(host: str, port: int) -> bool:
    """Whether connections are taken; what is spoken there is not asked."""
    try:
        async with asyncio.timeout(QUESTION_SECONDS):
            _, writer = await asyncio.open_connection(host, port)
    except (OSError, TimeoutError):
        return False
    writer.close()
    return True


async def opensearch_answers(host: str, port: int) -> bool:
    """Whether the cluster says that it is healthy."""
    question = f"GET /_cluster/health HTTP/1.1\r\nHost: {host}:{port}\r\nConnection: close\r\n\r\n"
    answer = await _ask(host, port, question.encode(), 1_000)
    return answer.startswith(b"HTTP/1.1 200") and (b'"green"' in answer or b'"yellow"' in answer)


async def http_answers(host: str, port: int, path: str, *, login: tuple[str, str] | None = None) -> bool:
    """Whether a path is answered with a 2xx status; `login`: user and password."""
    authorization = ""
    if login:
        authorization = f"Authorization: Basic {base64.b64encode(':'.join(login).encode()).decode()}\r\n"
    question = f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\n{authorization}Connection: close\r\n\r\n"
    return (await _ask(host, port, question.encode(), 12)).startswith(b"HTTP/1.1 2")


async def neo4j_answers(url: str, user: str, password: str, *, database: str) -> bool:
    """Whether the login works and the database answers a statement."""
    from neo4j import AsyncGraphDatabase  # noqa: PLC0415 - slow to load, and only asked of a real Neo4j
    from neo4j.exceptions import DriverError, Neo4jError  # noqa: PLC0415 - as above

    try:
        async with asyncio.timeout(QUESTION_SECONDS * 2):
            async with (
                AsyncGraphDatabase.driver(url, auth=(user, password), connection_timeout=2.0) as driver,
                driver.session(database=database) as session,
            ):
                await (await session.run("RETURN 1")).consume()
    except (DriverError, Neo4jError, OSError, TimeoutError):
        return False
    return True


async def _ask(host: str, port: int, question: bytes, size: int) -> bytes:
    try:
        async with asyncio.timeout(QUESTION_SECONDS):
            reader, writer = await asyncio.open_connection(host, port)
            try:
                writer.write(question)
                return await _at_most(reader, size)
            finally:
                writer.close()
    except (OSError, TimeoutError):
        return b""


async def _at_most(reader: asyncio.StreamReader, size: int) -> bytes:
    try:
        return await reader.readexactly(size)
    except asyncio.IncompleteReadError as short:
        return short.partial
