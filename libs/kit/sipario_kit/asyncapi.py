"""One AsyncAPI document of what several services hear and say, made from their own tables of topics."""

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from faststream.kafka import KafkaBroker
from faststream.specification import AsyncAPI

from sipario_kit.subscription import Subscription


@dataclass(frozen=True)
class Voice:
    """A service as others know it: what it hears, and topic and event (class or union) of all that it says."""

    name: str
    hears: Sequence[Subscription]
    says: Sequence[tuple[str, Any]] = ()


def document(voices: Sequence[Voice], *, title: str, version: str, description: str) -> str:
    """Write the document as JSON; nothing is connected."""
    brokers = [_broker(voice) for voice in voices]
    specification = AsyncAPI(*brokers, title=title, version=version, description=description)
    return specification.to_specification().to_json()


def _broker(voice: Voice) -> KafkaBroker:
    # Brokers of their own: those of a running bus hear raw records, of which there is nothing to tell.
    broker = KafkaBroker()
    for number, subscription in enumerate(voice.hears):
        broker.subscriber(
            subscription.topic,
            group_id=f"{voice.name}-{number}",
            title=f"{subscription.projector.name} of {voice.name} hears {subscription.topic}",
            description=f"Into the projection {subscription.projector.name}.",
        )(_hearing(subscription.event))
    for topic, event in voice.says:
        broker.publisher(topic, title=f"{voice.name} says {topic}", schema=event)
    return broker


def _hearing(event: Any) -> Callable[..., Any]:
    async def hear(message: Any) -> None:
        del message

    hear.__annotations__ = {"message": event, "return": None}
    hear.__doc__ = inspect.getdoc(event)
    return hear
