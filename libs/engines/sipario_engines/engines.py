"""Several engines held together: started in parallel, watched, stopped."""

import asyncio
import time
from collections.abc import Callable, Collection, Sequence

from sipario_engines.addresses import Addresses, EngineState
from sipario_engines.engine import Engine
from sipario_engines.errors import EngineDidNotStart, EngineError

Listener = Callable[[EngineState, str], None]
NAMES = ("broker", "graph", "index")
SHORTEST_PAUSE = 0.05
LONGEST_PAUSE = 10.0
LONGEST_AFTER_A_LIFE = 1.0
STEADY_SECONDS = 60.0


class Engines:
    """Engines that live and stop together, and the addresses at which services reach them."""

    def __init__(self, addresses: Addresses, engines: Sequence[Engine]) -> None:
        self.addresses = addresses
        self._engines = engines

    @property
    def members(self) -> Sequence[Engine]:
        """The engines themselves, to be held together with others."""
        return self._engines

    def only(self, names: Collection[str]) -> "Engines":
        """Return those that are named; the others are neither started nor stopped with them."""
        return Engines(self.addresses, [engine for engine in self._engines if engine.name in names])

    def states(self) -> list[EngineState]:
        """Tell how each engine is now."""
        return [engine.state() for engine in self._engines]

    def engine(self, name: str) -> Engine:
        """Return one engine by its name; KeyError when there is none."""
        return {engine.name: engine for engine in self._engines}[name]

    async def start(self) -> None:
        """Start all in parallel; the first EngineError stops the others and is raised."""
        try:
            async with asyncio.TaskGroup() as group:
                for engine in self._engines:
                    group.create_task(engine.start())
        except BaseExceptionGroup as failed:  # `except*` would wrap what is raised here into a group again
            await self.stop()
            engine_errors = failed.subgroup(EngineError)
            raise (engine_errors or failed).exceptions[0] from None

    async def stop(self) -> None:
        """Stop all; nothing of them is left behind."""
        await asyncio.gather(*(engine.stop() for engine in self._engines))

    async def watch(self, listener: Listener) -> None:
        """Start again, at the same address, whatever ends by itself; runs until cancelled.

        The listener hears a sentence for each death, each start that failed and each return. Cancel this
        before `stop`, else it brings back what was stopped.
        """
        async with asyncio.TaskGroup() as group:
            for engine in self._engines:
                group.create_task(_keep_alive(engine, listener))


async def _keep_alive(engine: Engine, listener: Listener) -> None:
    # Who starts and is then killed, however often, comes back soon; who cannot even start is left alone for longer.
    pause, longest = SHORTEST_PAUSE, LONGEST_AFTER_A_LIFE
    while True:
        began = time.monotonic()
        await engine.ended()
        pause = SHORTEST_PAUSE if time.monotonic() - began > STEADY_SECONDS else min(pause * 2, longest)
        code = engine.exit_code
        listener(
            engine.state(), f"{engine.name} ended (exit code {code}); starting it again in {pause:.1f} s"
        )
        await asyncio.sleep(pause)
        longest = LONGEST_AFTER_A_LIFE if await _restart(engine, listener) else LONGEST_PAUSE


async def _restart(engine: Engine, listener: Listener) -> bool:
    engine.restarts += 1
    try:
        await engine.start()
    except EngineDidNotStart as error:
        listener(engine.state(), str(error))
        return False
    listener(engine.state(), f"{engine.name} is back at {engine.address}")
    return True
