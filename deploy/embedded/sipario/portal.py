"""A whole portal on this machine: which processes there are, and how it gets from nothing to ready."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from sipario_engines import Engines, EngineState
from sipario_engines.ports import free_port

from sipario.data import Data
from sipario.engines import engines_for
from sipario.environment import Ground, environment, forge_environment
from sipario.gateway import UnansweredError, services
from sipario.order import ORDER
from sipario.servers import Server

HOST = "127.0.0.1"
FORGE_USER = "sipario"
READY_SECONDS = 300.0
LOOK_SECONDS = 0.25
Tell = Callable[[str], None]


@dataclass(frozen=True)
class Plan:
    """What a person asked for. Engines that `environ` names are used where they are, and not started."""

    data: Data
    port: int
    files: Sequence[Path] = ()
    split: bool = False
    environ: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))


class Portal:
    """The engines, the dev forge and the services of one data folder."""

    def __init__(self, plan: Plan) -> None:
        engines = engines_for(plan.data.folder, plan.environ)
        names = [name for name in ORDER if name != "gateway"] if plan.split else []
        self.ground = Ground(
            data=plan.data,
            addresses=engines.addresses,
            gateway=f"http://{HOST}:{plan.port}",
            forge=f"http://{HOST}:{plan.data.forge_port()}",
            ports={name: free_port() for name in names},
            files=plan.files,
            alone=not plan.split and any(each.name == "broker" for each in engines.members),
        )
        self._engines = engines
        self._own = Engines(engines.addresses, [self._forge(), *self._services(plan)])

    @asynccontextmanager
    async def running(self, tell: Tell) -> AsyncIterator[None]:
        """Start everything at once, watch it, and stop it: services first, then what they stand on."""
        together = Engines(self._engines.addresses, [*self._engines.members, *self._own.members])
        await together.start()
        self._tell_state()
        watch = asyncio.create_task(
            together.watch(lambda state, sentence: self._heard(state, sentence, tell))
        )
        try:
            yield
        finally:
            watch.cancel()
            with suppress(asyncio.CancelledError):
                await watch
            await self._own.stop()
            await self._engines.stop()
            self.ground.data.forget()

    async def ready(self, *, but: Collection[str] = ()) -> None:
        """Return when every service, `but` some, has caught up; raises TimeoutError with what is missing."""
        operator, missing = self.ground.secrets["operator"], ""
        for _ in range(int(READY_SECONDS / LOOK_SECONDS)):
            try:
                found = await asyncio.to_thread(services, self.ground.gateway, operator)
            except UnansweredError as error:
                missing = str(error)
            else:
                waiting = {
                    name: each["reason"]
                    for name, each in found.items()
                    if not each["ready"] and name not in but
                }
                if not waiting:
                    return
                missing = "; ".join(f"{name}: {reason}" for name, reason in waiting.items())
            await asyncio.sleep(LOOK_SECONDS)
        raise TimeoutError(f"Sipario is not ready after {READY_SECONDS:.0f} s ({missing}).")

    def _forge(self) -> Server:
        return self._server(
            "forge",
            ["-m", "sipario_forge"],
            url=self.ground.forge,
            path="/",
            env=forge_environment(self.ground),
        )

    def _services(self, plan: Plan) -> list[Server]:
        env = environment(self.ground, plan.environ)
        if not plan.split:
            return [self._service(list(ORDER), plan.port, "services", env)]
        ports = {**self.ground.ports, "gateway": plan.port}
        return [self._service([name], port, name, env) for name, port in ports.items()]

    def _service(self, names: Sequence[str], port: int, name: str, env: dict[str, str]) -> Server:
        command = ["-m", "sipario", "run", *names, "--host", HOST, "--port", str(port)]
        return self._server(name, command, url=f"http://{HOST}:{port}", path="/health/live", env=env)

    def _server(
        self, name: str, command: Sequence[str], *, url: str, path: str, env: dict[str, str]
    ) -> Server:
        log = self.ground.data.folder / "logs" / f"{name}.log"
        return Server(name, command, url=url, path=path, log=log, env=env)

    def _heard(self, state: EngineState, sentence: str, tell: Tell) -> None:
        del state
        self._tell_state()
        tell(sentence)

    def _tell_state(self) -> None:
        self.ground.data.tell(self.state())

    def state(self) -> dict[str, Any]:
        """Tell what runs where, with the keys to it: what `sipario status` starts from."""
        secrets, addresses = self.ground.secrets, self.ground.addresses
        return {
            "pid": os.getpid(),
            "gateway": self.ground.gateway,
            "token": secrets["operator"],
            "forge": {"url": self.ground.forge, "user": FORGE_USER, "token": secrets["forge"]},
            "engines": {each.name: asdict(each) for each in self._engines.states()},
            "processes": {each.name: asdict(each) for each in self._own.states()},
            "addresses": asdict(addresses),
        }
