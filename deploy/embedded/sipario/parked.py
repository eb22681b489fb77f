"""`sipario parked` and `sipario redrive`: messages that could not be handled, and how they are tried again."""

import asyncio
import json
import os
from collections.abc import Sequence

from aiokafka.errors import KafkaError
from sipario_kit.parked import ParkedMessage
from sipario_kit.parked import parked as listed
from sipario_kit.redrive import redrive as put_back

from sipario.data import Data, DataError


def parked(data: Data, services: Sequence[str]) -> list[ParkedMessage]:
    """List what waits, oldest first. Raises `DataError`."""
    kafka = kafka_of(data)
    try:
        return asyncio.run(listed(kafka, services))
    except (KafkaError, OSError) as error:
        raise DataError(f"Kafka at {kafka} does not answer: {error}") from error


def redrive(data: Data, service: str) -> str:
    """Put back what a service parked, and say how much. Raises `DataError`."""
    kafka = kafka_of(data)
    try:
        told = asyncio.run(put_back(kafka, service))
    except (KafkaError, OSError) as error:
        raise DataError(f"Kafka at {kafka} does not take them: {error}") from error
    if not told.put_back and not told.superseded:
        return f"{service} has parked nothing."
    dropped = f" {told.superseded} were dropped: something newer has come." if told.superseded else ""
    return f"{told.put_back} messages of {service} were put back; within half a minute they are tried again.{dropped}"


def lines(found: Sequence[ParkedMessage]) -> list[str]:
    """Write them for a person: who, since when, what, why."""
    return [
        f"{each.service}  {each.at:%Y-%m-%d %H:%M:%S} UTC  {each.key}  ({each.origin})\n"
        f"    {each.error} ({each.attempts} tries)"
        for each in found
    ] or ["Nothing is parked."]


def as_json(found: Sequence[ParkedMessage]) -> str:
    """Write them for programs, with the messages themselves."""
    rows = [
        {
            "service": each.service,
            "at": each.at.isoformat(),
            "key": each.key,
            "origin": each.origin,
            "error": each.error,
            "attempts": each.attempts,
            "body": (each.raw.value or b"").decode("utf-8", "replace"),
        }
        for each in found
    ]
    return json.dumps(rows, indent=2)


def kafka_of(data: Data) -> str:
    """Tell where Kafka is: where the environment says, or that of the portal that is up. Raises `DataError`."""
    if given := os.environ.get("SIPARIO_KAFKA"):
        return given
    state = data.run_state()
    if state is None or not data.is_held():
        raise DataError(f"No Sipario is up on {data.folder}. Start it, or name its Kafka by SIPARIO_KAFKA.")
    return str(state["addresses"]["kafka"])
