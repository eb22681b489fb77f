"""A process that records is killed again and again; what it was told to be safe must be there."""

import asyncio
import random
import subprocess
import sys
from pathlib import Path

from sipario_events import ENTITIES, EntityChanged
from sipario_ledger import Entry, Ledger

KILLS = 20
RECORDER = """
import asyncio, sys
from sipario_events import EntityChanged
from sipario_ledger import Ledger

async def keep_recording(ledger, worker):
    ref = f"component:default/worker-{worker}"
    head = await ledger.head("catalog.entities.v1", ref)
    count = EntityChanged.model_validate_json(head.body).entity["count"] if head else 0
    while True:
        count += 1
        [entry] = (await ledger.record([EntityChanged(ref=ref, entity={"count": count})], ref)).entries
        print(worker, count, entry.seq, flush=True)

async def main(url):
    async with Ledger.open(url) as ledger:
        await asyncio.gather(*(keep_recording(ledger, worker) for worker in range(4)))

asyncio.run(main(sys.argv[1]))
"""


def record_until_killed(url: str, lines: int) -> list[str]:
    """Kill the recorder once it acknowledged so many records; return every whole line that it printed."""
    with subprocess.Popen([sys.executable, "-c", RECORDER, url], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        printed = [process.stdout.readline() for _ in range(lines)]
        process.kill()
        printed += process.stdout.readlines()
    return [line for line in printed if line.endswith("\n")]


async def all_entries(url: str) -> list[Entry]:
    async with Ledger.open(url) as ledger:
        return await ledger.since(0, limit=1_000_000)


async def test_nothing_acknowledged_is_lost_when_the_process_is_killed(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/ledger.db"
    chance = random.Random(3)
    acknowledged: list[str] = []
    for _ in range(KILLS):
        acknowledged += await asyncio.to_thread(record_until_killed, url, chance.randint(1, 60))
    log = await all_entries(url)
    kept = {
        (entry.identity, EntityChanged.model_validate_json(entry.body).entity["count"], entry.seq) for entry in log
    }
    promised = [line.split() for line in acknowledged]
    assert len(promised) >= KILLS
    assert {(f"component:default/worker-{w}", int(count), int(seq)) for w, count, seq in promised} <= kept
    assert [entry.seq for entry in log] == list(range(1, len(log) + 1))
    for worker in range(4):
        versions = [entry.version for entry in log if entry.identity == f"component:default/worker-{worker}"]
        assert versions == list(range(1, len(versions) + 1))
    assert {entry.topic for entry in log} == {ENTITIES}
