"""What all events have in common."""

import hashlib
import json
from datetime import datetime
from typing import ClassVar

from pydantic import BaseModel, ConfigDict


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
        content = self.model_dump(mode="json", exclude=set(self.NOT_CONTENT))
        canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(canonical.encode()).hexdigest()[:32]
