"""A process that is asked to end lets its services stop first."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from sipario_engines.ports import free_port

PROGRAM = """
import asyncio, sys
from contextlib import asynccontextmanager
from pathlib import Path
import uvicorn
from sipario.process import CalmServer
from sipario_kit.service import Health, Service, all_running

@asynccontextmanager
async def running():
    print("running", flush=True)
    yield
    await asyncio.sleep(0)
    Path(sys.argv[1]).write_text("stopped")

async def api(scope, receive, send):
    pass

class Server(CalmServer):
    async def startup(self, sockets=None):
        await super().startup(sockets)
        print("serving", flush=True)

async def serve():
    config = uvicorn.Config(api, port=int(sys.argv[2]), log_config=None, lifespan="off")
    async with all_running([Service("one", running, lambda: Health(True))]):
        await Server(config).serve()

asyncio.run(serve())
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_services_stop_before_their_process_ends(tmp_path: Path, number: signal.Signals) -> None:
    command = [sys.executable, "-c", PROGRAM, str(tmp_path / "end"), str(free_port())]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert [process.stdout.readline().strip() for _ in range(2)] == ["running", "serving"]
        process.send_signal(number)
        assert process.wait(timeout=30) == 0
    assert (tmp_path / "end").read_text() == "stopped"
