"""The durable truth: versions, heads, claims, outbox and relay on SQLite or PostgreSQL."""

from sipario_ledger import past, queries
from sipario_ledger.clock import from_micros, to_micros
from sipario_ledger.entry import Contested, Entry, Freed, Recorded, Refusal
from sipario_ledger.errors import (
    LedgerDamaged,
    LedgerError,
    LedgerFull,
    LedgerReadOnly,
    LedgerTooNew,
    LedgerUnavailable,
)
from sipario_ledger.ledger import Ledger
from sipario_ledger.relay import GenerationChanged, Publisher, PublisherUnavailable, Relay

__all__ = [
    "Contested",
    "Entry",
    "Freed",
    "GenerationChanged",
    "Ledger",
    "LedgerDamaged",
    "LedgerError",
    "LedgerFull",
    "LedgerReadOnly",
    "LedgerTooNew",
    "LedgerUnavailable",
    "Publisher",
    "PublisherUnavailable",
    "Recorded",
    "Refusal",
    "Relay",
    "from_micros",
    "past",
    "queries",
    "to_micros",
]
