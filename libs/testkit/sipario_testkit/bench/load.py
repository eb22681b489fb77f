"""A client in a process of its own: sends requests over keep-alive connections, and times each.

Run it with `-m`; it reads a `Work` as JSON and writes a `Timing` as JSON.
"""

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from urllib.parse import urlsplit

from sipario_testkit.bench.figures import percentiles


@dataclass(frozen=True)
class Ask:
    """One request."""

    path: str
    body: str = ""

    def wire(self, host: str, token: str) -> bytes:
        """The bytes to send."""
        verb = "POST" if self.body else "GET"
        lines = [f"{verb} {self.path} HTTP/1.1", f"host: {host}", f"authorization: Bearer {token}"]
        if self.body:
            lines += ["content-type: application/json", f"content-length: {len(self.body.encode())}"]
        return "\r\n".join([*lines, "", self.body]).encode()


@dataclass(frozen=True)
class Work:
    """What to send: `count` requests over `connections`, cycling through `asks`."""

    base: str
    token: str
    asks: Sequence[Ask]
    count: int
    connections: int


@dataclass(frozen=True)
class Timing:
    """How it went; latencies in milliseconds, `size` in bytes on average, `cpu` seconds of the client."""

    rate: float
    p50: float
    p95: float
    p99: float
    size: float
    cpu: float


def run(work: Work) -> Timing:
    """Do the work in a process of its own. Raises CalledProcessError, with what was wrong on stderr."""
    command = [sys.executable, "-m", "sipario_testkit.bench.load"]
    said = subprocess.run(  # noqa: S603 - our own module
        command, input=json.dumps(asdict(work)), stdout=subprocess.PIPE, text=True, check=True
    )
    return Timing(**json.loads(said.stdout))


async def _do(work: Work) -> Timing:
    url = urlsplit(work.base)
    wires = [ask.wire(url.netloc, work.token) for ask in work.asks]
    await _rounds(work, wires, work.count // 10)
    begun, spent = time.perf_counter(), time.process_time()
    latencies, size = await _rounds(work, wires, work.count)
    seconds = time.perf_counter() - begun
    cpu = time.process_time() - spent
    at = percentiles([1000 * each for each in latencies])
    return Timing(rate=len(latencies) / seconds, size=size / len(latencies), cpu=cpu, **at)


async def _rounds(work: Work, wires: Sequence[bytes], count: int) -> tuple[list[float], int]:
    url = urlsplit(work.base)
    numbers = iter(range(count))
    latencies: list[float] = []

    async def connection() -> int:
        reader, writer = await asyncio.open_connection(url.hostname, url.port, limit=1 << 20)
        size = 0
        for number in numbers:
            before = time.perf_counter()
            writer.write(wires[number % len(wires)])
            size += await _answer(reader)
            latencies.append(time.perf_counter() - before)
        writer.close()
        return size

    sizes = await asyncio.gather(*(connection() for _ in range(work.connections)))
    return latencies, sum(sizes)


async def _answer(reader: asyncio.StreamReader) -> int:
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    if head[9:12] != b"200":
        raise RuntimeError(head.decode())
    if b"transfer-encoding: chunked" in head:
        return await _chunks(reader)
    at = head.index(b"content-length:") + 15
    return len(await reader.readexactly(int(head[at : head.index(b"\r", at)])))


async def _chunks(reader: asyncio.StreamReader) -> int:
    total = 0
    while size := int(await reader.readline(), 16):
        total += len(await reader.readexactly(size))
        await reader.readexactly(2)
    await reader.readexactly(2)
    return total


def _main() -> None:
    asked = json.load(sys.stdin)
    asked["asks"] = [Ask(**each) for each in asked["asks"]]
    json.dump(asdict(asyncio.run(_do(Work(**asked)))), sys.stdout)


if __name__ == "__main__":
    _main()
