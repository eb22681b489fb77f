"""Keeps count of what a service has parked, whichever process of it did, and whoever put it back."""

import asyncio

import structlog
from aiokafka.errors import KafkaError

from sipario_kit.parked import parked

LOOK_SECONDS = 5.0
ANSWER_SECONDS = 60.0

log = structlog.get_logger(__name__)


class ParkedCount:
    """How many messages of a service are parked: as it was counted last, and those since that this process parked."""

    def __init__(self, kafka: str, service: str) -> None:
        self.number = 0
        self._kafka = kafka
        self._service = service
        self._doubtful = asyncio.Event()
        self._doubtful.set()

    def one_more(self) -> None:
        """Count one that was parked just now."""
        self.number += 1
        self._doubtful.set()

    def doubt(self) -> None:
        """Count again: the broker may have forgotten all."""
        self._doubtful.set()

    async def run(self) -> None:
        """Count whenever there is doubt, and while anything is parked: it may have been put back."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)  # at first too: who begins has other things to do
            if not self.number:
                await self._doubtful.wait()
            self._doubtful.clear()
            try:
                async with asyncio.timeout(ANSWER_SECONDS):
                    self.number = len(await parked(self._kafka, [self._service]))
            except (TimeoutError, KafkaError, OSError) as error:
                log.debug("what is parked cannot be counted", service=self._service, error=repr(error))
                self._doubtful.set()
