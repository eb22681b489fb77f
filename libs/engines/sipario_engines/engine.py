"""What every engine is: something with an address that starts, answers, can die, and stops."""

import asyncio
import time
from abc import ABC, abstractmethod

from sipario_engines.addresses import EngineState
from sipario_engines.errors import EngineDidNotStart
from sipario_engines.process import ServerProcess


class Engine(ABC):
    """A server of ours: subclasses say the command, when it answers, and what to do if it does not."""

    name: str
    advice: str
    patience = 30.0

    def __init__(self, process: ServerProcess, address: str) -> None:
        self.process = process
        self.address = address
        self.restarts = 0

    @abstractmethod
    async def answers(self) -> bool:
        """Whether the server speaks its protocol now; never raises for a server that is not up."""

    def prepare(self) -> None:
        """Write what the server reads when it starts; called before each life."""

    async def start(self) -> None:
        """Begin a life and return when the server answers; raises EngineDidNotStart."""
        began = time.monotonic()
        try:
            self.prepare()
            self.process.spawn()
        except OSError as error:
            raise self._failed(0.0, [str(error)]) from error
        try:
            await self.ready(began)
        except BaseException:
            await self.process.stop()
            raise

    async def ready(self, began: float | None = None) -> None:
        """Return when the server answers; raises EngineDidNotStart when it ended or took too long."""
        began = began or time.monotonic()
        while not await self.answers():
            spent = time.monotonic() - began
            if spent > self.patience or not self.alive():
                raise self._failed(spent, self.process.last_words())
            await asyncio.sleep(0.02)

    def alive(self) -> bool:
        """Whether the process runs."""
        return self.process.alive()

    async def ended(self) -> None:
        """Return when the process is gone."""
        await self.process.ended()

    async def stop(self) -> None:
        """End the process for certain."""
        await self.process.stop()

    def state(self) -> EngineState:
        """Tell name, process and address for a status page."""
        return EngineState(self.name, self.process.pid, self.alive(), self.restarts, self.address)

    def _failed(self, seconds: float, log: list[str]) -> EngineDidNotStart:
        advice = f"{self.advice} The whole log: {self.process.log}"
        return EngineDidNotStart(self.name, seconds, log=log, advice=advice)
