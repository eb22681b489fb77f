"""What goes wrong at the engine is told apart: a document that is wrong, or an engine that cannot take any."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from sipario_kit.errors import EngineUnavailable, StoreForgotten
from sipario_search.document import Written
from sipario_search.settings import Settings
from sipario_search.store_opensearch import IndexRefused, OpenSearchIndex

FULL = {
    "type": "cluster_block_exception",
    "reason": "index [x] blocked by: [TOO_MANY_REQUESTS/12/disk usage exceeded flood-stage watermark]",
}


@asynccontextmanager
async def answering(status: int, body: Any) -> AsyncIterator[OpenSearchIndex]:
    """An index behind an engine that answers everything with the same."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(
            (line[15:] for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")), b"0"
        )
        await reader.readexactly(int(length))
        told = json.dumps(body).encode()
        writer.write(
            f"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {len(told)}\r\n"
            "Connection: close\r\n\r\n".encode()
            + told
        )
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    index = OpenSearchIndex(Settings(opensearch_url=url))
    async with server, index.connected():
        yield index


@pytest.mark.parametrize("status", [401, 403, 408, 429, 500, 502, 503, 504])
async def test_an_engine_that_forbids_is_full_or_broken_is_waited_for(status: int) -> None:
    async with answering(status, {"error": FULL, "status": status}) as index:
        with pytest.raises(EngineUnavailable, match=str(status)):
            await index.write("life", [Written("one", 1)])
        with pytest.raises(EngineUnavailable):
            await index.alive("life")


@pytest.mark.parametrize("status", [403, 429, 500, 503])
async def test_an_engine_that_takes_no_document_now_is_waited_for(status: int) -> None:
    item = {"index": {"_id": "one", "status": status, "error": FULL}}
    async with answering(200, {"errors": True, "items": [item]}) as index:
        with pytest.raises(EngineUnavailable, match="flood-stage"):
            await index.write("life", [Written("one", 1)])


@pytest.mark.parametrize(
    ("status", "error"), [(400, IndexRefused), (413, IndexRefused), (404, StoreForgotten)]
)
async def test_a_request_that_is_wrong_is_refused_and_an_index_that_is_gone_is_forgotten(
    status: int, error: type[Exception]
) -> None:
    told = {"type": "some_exception", "reason": "too much"}
    async with answering(status, {"error": told, "status": status}) as index:
        with pytest.raises(error):
            await index.write("life", [Written("one", 1)])
