"""What every engine is: something with an address that starts, answers, can die, and stops."""

import asyncio
import time
from abc import ABC, abstractmethod

from sipario_engines.addresses import EngineState
from sipario_engines.errors import EngineDidNotStart
from sipario_engines.process import ServerProcess


class Engine(ABC):
    """A server that services speak to; `patience` bounds its start, in seconds."""

    name: str
    advice: str
    patience = 30.0

    def __init__(self, address: str) -> None:
        self.address = address
        self.restarts = 0

    @property
    def pid(self) -> int | None:
        """The process id of the current or last life; None for a server that is not a process of ours."""
        return None

    @property
    def exit_code(self) -> int | None:
        """How the last life ended; None where that cannot be told."""
        return None

    @abstractmethod
    async def start(self) -> None:
        """Begin a life and return when the server answers; raises EngineDidNotStart."""

    @abstractmethod
    async def answers(self) -> bool:
        """Whether the server speaks its protocol now; never raises for a server that is not up."""

    @abstractmethod
    def alive(self) -> bool:
        """Whether the server has not ended, as far as can be told from here."""

    @abstractmethod
    async def ended(self) -> None:
        """Return when the server is gone."""

    @abstractmethod
    async def stop(self) -> None:
        """End the server for certain; safe to call twice."""

    def last_words(self) -> list[str]:
        """Return the end of what the server logged."""
        return []

    async def ready(self) -> None:
        """Return when the server answers; raises EngineDidNotStart when it ended or took too long."""
        began = time.monotonic()
        while not await self.answers():
            spent = time.monotonic() - began
            if spent > self.patience or not self.alive():
                raise EngineDidNotStart(self.name, spent, log=self.last_words(), advice=self.advice)
            await asyncio.sleep(0.02)

    def state(self) -> EngineState:
        """Tell name, process and address for a status page."""
        return EngineState(self.name, self.pid, self.alive(), self.restarts, self.address)


class OwnServer(Engine):
    """A server that runs as a process of ours."""

    def __init__(self, process: ServerProcess, address: str) -> None:
        self.process = process
        super().__init__(address)

    @property
    def pid(self) -> int | None:
        """The process id of the current or last life."""
        return self.process.pid

    @property
    def exit_code(self) -> int | None:
        """How the last life ended."""
        return self.process.exit_code

    async def prepare(self) -> None:
        """Write what the server reads when it starts; called before each life."""

    async def start(self) -> None:
        """Begin a life and return when the server answers; raises EngineDidNotStart."""
        try:
            await self.prepare()
            self.process.spawn()
        except OSError as error:
            raise EngineDidNotStart(self.name, 0.0, log=[str(error)], advice=self.advice) from error
        try:
            await self.ready()
        except BaseException:
            await self.process.stop()
            raise

    def alive(self) -> bool:
        """Whether the process runs."""
        return self.process.alive()

    async def ended(self) -> None:
        """Return when the process is gone."""
        await self.process.ended()

    async def stop(self) -> None:
        """End the process."""
        await self.process.stop()

    def last_words(self) -> list[str]:
        """Return the end of the log, and where the whole of it is."""
        return [*self.process.last_words(), f"(the whole log: {self.process.log})"]
