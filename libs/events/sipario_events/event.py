"""What all events have in common."""

import hashlib
from datetime import datetime
from typing import Any, ClassVar, Self

import orjson
from pydantic import BaseModel, ConfigDict

_CANONICAL = orjson.OPT_SORT_KEYS | orjson.OPT_PASSTHROUGH_DATACLASS


class Event(BaseModel):
    """A fact that one service tells the others: frozen, and tolerant of fields it does not know."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    topic: ClassVar[str]

    def key(self) -> str:
        """Name what must stay in order: the Kafka record's key."""
        raise NotImplementedError(type(self).__name__)

    def body(self) -> bytes:
        """Encode the event as it travels."""
        return self.model_dump_json().encode()

    @classmethod
    def read(cls, body: bytes) -> Self:
        """Decode an event; ValueError when it is none. Quicker than to let pydantic parse it."""
        return cls.model_validate(orjson.loads(body))


class Cause(BaseModel):
    """Why something changed: the commit or the action behind it."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    repository: str = ""
    commit: str = ""
    author: str = ""
    committed_at: datetime | None = None
    actor: str = ""


class VersionedEvent(Event):
    """The newest state of one thing. The ledger gives it its version; the older never overwrites the newer."""

    NOT_CONTENT: ClassVar[frozenset[str]] = frozenset({"version", "cause"})

    version: int = 0
    gone: bool = False
    cause: Cause = Cause()

    def identity(self) -> str:
        """Name the thing whose state this is: what versions are counted for. Often the key."""
        return self.key()

    def digest(self) -> str:
        """Hash what is said, without version and cause: equal digests mean that there is nothing new to say."""
        content = {name: value for name, value in self.__dict__.items() if name not in self.NOT_CONTENT}
        return hashlib.sha256(orjson.dumps(content, default=_held, option=_CANONICAL)).hexdigest()[:32]


def _held(value: Any) -> dict[str, Any]:
    """Show orjson what a model or a dataclass within an event holds; a dataclass by itself it would not sort."""
    if isinstance(value, BaseModel):
        return value.__dict__
    # Not `fields()`, which takes longer to name them than orjson to write them.
    return {name: getattr(value, name) for name in value.__dataclass_fields__}
