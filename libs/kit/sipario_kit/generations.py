"""Which life of the broker this is.

An embedded broker forgets everything when it dies. Positions and publications must never be carried from one life
into the next, so each life has an id, and it is kept where it dies with the rest: in a topic of the broker itself.
The first record of that topic is the id, whoever wrote it; later records mark which relays have told all they know.
"""

import asyncio
import json
import time
import uuid
from collections.abc import Awaitable, Callable, Mapping

import structlog
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from sipario_kit.lookout import GENERATIONS, Life, Lookout

ANSWER_SECONDS = 5.0

log = structlog.get_logger(__name__)


class Generations:
    """What a service knows of the broker's life; where a life has no id yet, it gets one here.

    `prepare` makes the topics that a new life needs; it runs before the life gets its id.
    """

    def __init__(
        self, lookout: Lookout, producer: AIOKafkaProducer, *, prepare: Callable[[], Awaitable[None]]
    ) -> None:
        self.life = Life()
        self._lookout = lookout
        self._prepare = prepare
        self._producer = producer

    async def refresh(self, *, within: float = 0.0) -> Life:
        """Look again, now; if `within` some seconds a service of this process looked, what it saw will do.

        A broker that does not answer in time leaves what was known. In a life without an id, one is proposed;
        whichever proposal comes first is the id for all.
        """
        asked = time.monotonic() - within
        async with self._lookout.lock:
            # A life without an id is none to go by: somebody looked, but could not begin it.
            if self._lookout.looked < asked or not self._lookout.life.generation:
                await self._look()
            else:
                self.life = self._lookout.life
        return self.life

    async def mark(self, relay: str, generation: str, ends: Mapping[str, int]) -> None:
        """Say that a relay has told all heads it knows, and where they end."""
        message = {"relay": relay, "generation": generation, "ends": dict(ends)}
        await self._producer.send_and_wait(GENERATIONS, json.dumps(message).encode(), partition=0)

    async def _look(self) -> None:
        try:
            # Not wait_for: under Python 3.11 it may swallow the cancellation of whoever asks.
            async with asyncio.timeout(ANSWER_SECONDS):
                self.life = await self._read_or_begin()
        except (TimeoutError, KafkaError, OSError) as error:
            log.debug("the broker does not tell its generation", error=repr(error))

    async def _read_or_begin(self) -> Life:
        life = await self._lookout.read()
        if not life.generation:
            await self._prepare()
            proposal = json.dumps({"generation": uuid.uuid4().hex})
            await self._producer.send_and_wait(GENERATIONS, proposal.encode(), partition=0)
            life = await self._lookout.read()
        return life
