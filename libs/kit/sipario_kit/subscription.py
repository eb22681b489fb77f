"""What a service hears: a topic, the event it carries, and the projector that takes it in."""

from dataclasses import dataclass
from typing import Any

from sipario_kit.projector import Projector


@dataclass(frozen=True)
class Subscription:
    """One row of a service's table of topics.

    `event` is the class (or union) that the topic carries, for the AsyncAPI document. `tellers` are the relays that
    must have told all their heads before this projection counts as complete. `latest`: only what is said from now on
    is of interest; in a new life of the broker, that is everything. `batch`: how many records are applied at once, at
    most.
    """

    topic: str
    event: Any
    projector: Projector[Any]
    tellers: tuple[str, ...] = ("ingestor",)
    latest: bool = False
    batch: int = 500
    patient: bool = False
