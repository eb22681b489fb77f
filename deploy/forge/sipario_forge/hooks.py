"""Who is told about what, and what became of each telling."""

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from sipario_forge.clock import now
from sipario_forge.database import Database
from sipario_forge.errors import NotFound
from sipario_forge.registry import Hosted

EVERYWHERE = "forge"
_REMEMBERED = 200


@dataclass(frozen=True)
class Hook:
    """An address that wants to hear of events; `scope` is `forge`, `org:NAME` or `repo:ID`."""

    id: int
    scope: str
    url: str
    secret: str
    events: tuple[str, ...]
    active: bool
    created_at: str
    updated_at: str

    @classmethod
    def of(cls, row: sqlite3.Row) -> Self:
        """Read a row of the table."""
        values = {key: row[key] for key in row.keys() if key != "configured"}  # noqa: SIM118 - a Row iterates values
        return cls(**values | {"events": tuple(json.loads(row["events"])), "active": bool(row["active"])})

    def wants(self, event: str) -> bool:
        """Whether this hook hears of an event; a ping it always hears."""
        return event == "ping" or (self.active and ("*" in self.events or event in self.events))


@dataclass(frozen=True)
class Outcome:
    """How one attempt to tell a hook ended; `status_code` is 0 when nobody answered. Duration in seconds."""

    status_code: int
    status: str
    duration: float
    response: str


@dataclass(frozen=True)
class Message:
    """The bytes that one event sends to its hooks."""

    event: str
    action: str | None
    body: bytes


def scope_of_organisation(name: str) -> str:
    """Name the scope of hooks that hear of every repository of an owner."""
    return f"org:{name.lower()}"


def scope_of_repository(hosted: Hosted) -> str:
    """Name the scope of hooks that hear of one repository."""
    return f"repo:{hosted.id}"


class Hooks:
    """The tables of hooks and their deliveries."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, scope: str, *, url: str, secret: str, events: Iterable[str], active: bool = True) -> Hook:
        """Remember a new hook."""
        number = self._database.write(
            "INSERT INTO hooks (scope, url, secret, events, active, created_at, updated_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            *(scope, url, secret, json.dumps(sorted(set(events))), active, now(), now()),
        )
        return self.find(scope, number)

    def configure(self, hooks: Iterable[tuple[str, str]]) -> None:
        """Make the forge-wide hooks that settings name exactly these (url, secret)."""
        with self._database.transaction() as tables:
            tables.write("DELETE FROM hooks WHERE configured = 1")
            for url, secret in hooks:
                tables.write(
                    "INSERT INTO hooks (scope, url, secret, events, active, configured, created_at, updated_at)"
                    " VALUES (?, ?, ?, ?, 1, 1, ?, ?)",
                    *(EVERYWHERE, url, secret, '["*"]', now(), now()),
                )

    def change(self, hook: Hook, *, url: str, secret: str, events: Iterable[str], active: bool) -> Hook:
        """Overwrite what a hook says."""
        self._database.write(
            "UPDATE hooks SET url = ?, secret = ?, events = ?, active = ?, updated_at = ? WHERE id = ?",
            *(url, secret, json.dumps(sorted(set(events))), active, now(), hook.id),
        )
        return self.find(hook.scope, hook.id)

    def find(self, scope: str, number: int) -> Hook:
        """Return one hook of a scope; raises NotFound."""
        row = self._database.row("SELECT * FROM hooks WHERE id = ? AND scope = ?", number, scope)
        if row is None:
            raise NotFound
        return Hook.of(row)

    def of_scope(self, scope: str) -> list[Hook]:
        """Return the hooks of a scope, oldest first."""
        return [
            Hook.of(row)
            for row in self._database.rows("SELECT * FROM hooks WHERE scope = ? ORDER BY id", scope)
        ]

    def hearing(self, hosted: Hosted, event: str) -> list[Hook]:
        """Return every hook that wants to hear of this event in this repository."""
        scopes = (EVERYWHERE, scope_of_organisation(hosted.owner), scope_of_repository(hosted))
        return [hook for scope in scopes for hook in self.of_scope(scope) if hook.wants(event)]

    def remove(self, hook: Hook) -> None:
        """Forget a hook and its deliveries."""
        self._database.write("DELETE FROM hooks WHERE id = ?", hook.id)

    def delivered(self, hook: Hook, guid: str, message: Message, outcome: Outcome, *, again: bool) -> None:
        """Remember a delivery, and forget the oldest beyond the last 200 of its hook."""
        with self._database.transaction() as tables:
            if tables.row("SELECT 1 FROM hooks WHERE id = ?", hook.id) is None:
                return
            tables.write(
                "INSERT INTO deliveries (hook_id, guid, event, action, delivered_at, duration, status_code,"
                " status, redelivery, payload, response) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                *(hook.id, guid, message.event, message.action, now(), outcome.duration, outcome.status_code),
                *(outcome.status, again, message.body, outcome.response),
            )
            tables.write(
                "DELETE FROM deliveries WHERE hook_id = ? AND id <= (SELECT id FROM deliveries WHERE hook_id = ?"
                " ORDER BY id DESC LIMIT 1 OFFSET ?)",
                *(hook.id, hook.id, _REMEMBERED),
            )

    def deliveries(self, hook: Hook) -> list[sqlite3.Row]:
        """Return what a hook was told, latest first."""
        return self._database.rows("SELECT * FROM deliveries WHERE hook_id = ? ORDER BY id DESC", hook.id)

    def delivery(self, hook: Hook, number: int) -> sqlite3.Row:
        """Return one delivery; raises NotFound."""
        row = self._database.row("SELECT * FROM deliveries WHERE hook_id = ? AND id = ?", hook.id, number)
        if row is None:
            raise NotFound
        return row
