"""A process that records is killed again and again; what it was told to be safe must be there."""

import asyncio
import os
import random
import signal
import subprocess
import sys
from pathlib import Path
from typing import IO

from sipario_events import EntityChanged
from sipario_ledger import Entry, Ledger

KILLS = 20
WORKERS = 4
# One process imports everything, and forks a recorder for each line that it reads: starting is not what is tested.
RECORDERS = """
import asyncio, os, sys
from sipario_events import EntityChanged
from sipario_ledger import Ledger

def say(line):
    os.write(1, f"{line}\\n".encode())  # one call, which a kill cannot cut in two

async def keep_recording(ledger, worker):
    ref = f"component:default/worker-{worker}"
    head = await ledger.head("catalog.entities.v1", ref)
    count = EntityChanged.model_validate_json(head.body).entity["count"] if head else 0
    while True:
        count += 1
        [entry] = (await ledger.record([EntityChanged(ref=ref, entity={"count": count})], ref)).entries
        say(f"safe {worker} {count} {entry.seq}")

async def record(url, workers):
    async with Ledger.open(url) as ledger:
        await asyncio.gather(*(keep_recording(ledger, worker) for worker in range(workers)))

for _ in sys.stdin:
    process = os.fork()
    if not process:
        asyncio.run(record(sys.argv[1], int(sys.argv[2])))
    say(f"recorder {process}")
    os.waitpid(process, 0)
    say("killed")
"""


def kill_one(orders: IO[str], answers: IO[str], promises: int) -> list[list[str]]:
    """Start a recorder, kill it after so many promises, return all that it promised."""
    orders.write("start\n")
    orders.flush()
    recorder, safe = 0, []
    while (words := answers.readline().split()) != ["killed"]:
        assert words, "the recorder ended by itself"
        if words[0] == "recorder":
            recorder = int(words[1])
        else:
            safe.append(words[1:])
        if len(safe) >= promises and recorder:
            os.kill(recorder, signal.SIGKILL)
            promises = sys.maxsize
    return safe


def kill_many(url: str) -> list[list[str]]:
    chance = random.Random(3)
    command = [sys.executable, "-W", "ignore", "-c", RECORDERS, url, str(WORKERS)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        safe = [kill_one(process.stdin, process.stdout, chance.randint(1, 60)) for _ in range(KILLS)]
        process.stdin.close()
    return [promise for promises in safe for promise in promises]


async def all_entries(url: str) -> list[Entry]:
    async with Ledger.open(url) as ledger:
        return await ledger.since(0, limit=1_000_000)


async def test_nothing_acknowledged_is_lost_when_the_process_is_killed(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/ledger.db"
    promised = await asyncio.to_thread(kill_many, url)
    log = await all_entries(url)
    kept = {(e.identity, EntityChanged.model_validate_json(e.body).entity["count"], e.seq) for e in log}
    assert len(promised) >= KILLS
    assert {(f"component:default/worker-{w}", int(count), int(seq)) for w, count, seq in promised} <= kept
    assert [entry.seq for entry in log] == list(range(1, len(log) + 1))
    for worker in range(WORKERS):
        versions = [entry.version for entry in log if entry.identity == f"component:default/worker-{worker}"]
        assert versions == list(range(1, len(versions) + 1))
