"""What can go wrong with a ledger.

LedgerError
├── LedgerUnavailable    locked, unreachable or closed: trying again later may help
│   ├── LedgerFull       the disk has no room left
│   └── LedgerReadOnly   this process may not write
├── LedgerDamaged        the file is not a sound database: restore a backup
└── LedgerTooNew         a newer Sipario made it
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout


class LedgerError(Exception):
    """The ledger could not do what it was asked; the message says what to mend."""


class LedgerUnavailable(LedgerError):
    """The ledger is locked, unreachable or closed. Nothing was written; trying again may help."""


class LedgerFull(LedgerUnavailable):
    """There is no room left on the ledger's disk. Nothing was written."""


class LedgerReadOnly(LedgerUnavailable):
    """This process may not write where the ledger lives. Nothing was written."""


class LedgerDamaged(LedgerError):
    """The ledger's file is not a sound database."""


class LedgerTooNew(LedgerError):
    """The ledger was migrated by a newer version of Sipario than this one."""


_Told = tuple[type[LedgerError], str]

_LOCKED: _Told = (
    LedgerUnavailable,
    "is locked by another process for too long; stop whatever else writes to it",
)
_FULL: _Told = (
    LedgerFull,
    "has no room left on its disk; free some space, nothing that was acknowledged is lost",
)
_READ_ONLY: _Told = (LedgerReadOnly, "is not writable for this process; mend the permissions or the mount")
_DAMAGED: _Told = (LedgerDamaged, "is not a sound database; restore the last backup")
_UNREACHABLE: _Told = (
    LedgerUnavailable,
    "cannot be reached; check that its server runs and that its URL is right",
)
_BROKEN_DISK: _Told = (LedgerUnavailable, "cannot read or write its disk; check the mount and the disk")

_SQLITE: dict[int, _Told] = {
    sqlite3.SQLITE_BUSY: _LOCKED,
    sqlite3.SQLITE_LOCKED: _LOCKED,
    sqlite3.SQLITE_FULL: _FULL,
    sqlite3.SQLITE_READONLY: _READ_ONLY,
    sqlite3.SQLITE_CORRUPT: _DAMAGED,
    sqlite3.SQLITE_NOTADB: _DAMAGED,
    sqlite3.SQLITE_IOERR: _BROKEN_DISK,
    sqlite3.SQLITE_CANTOPEN: (LedgerUnavailable, "cannot be opened; check its folder and the permissions"),
}
# https://www.postgresql.org/docs/current/errcodes-appendix.html, by code, then by class
_POSTGRES: dict[str, _Told] = {
    "53100": _FULL,
    "25006": _READ_ONLY,
    "42501": (LedgerReadOnly, "is not permitted for this database user; grant it its schema"),
    "55P03": _LOCKED,
    "57014": _LOCKED,
    "28": (LedgerUnavailable, "refused this user; check user and password in its URL"),
    "3D": (LedgerUnavailable, "is not there; create the database that its URL names"),
    "08": _UNREACHABLE,
    "53": (LedgerUnavailable, "has a server that lacks resources (connections, memory); give it more"),
    "57": _UNREACHABLE,
    "58": _BROKEN_DISK,
    "XX": _DAMAGED,
}


def translated(error: Exception) -> Exception:
    """Say a driver's operational error in the ledger's words; leave every other error as it is."""
    if isinstance(error, PoolTimeout):
        return LedgerUnavailable("The ledger is too busy: no connection became free in time.")
    if not isinstance(error, DBAPIError) or error.orig is None:
        return error
    told = _told(error)
    return told[0](f"The ledger {told[1]}. ({str(error.orig).strip()})") if told else error


@contextmanager
def translating() -> Iterator[None]:
    """Raise the ledger's own errors instead of the driver's."""
    try:
        yield
    except SQLAlchemyError as error:
        mine = translated(error)
        if mine is error:
            raise
        raise mine from error


def _told(error: DBAPIError) -> _Told | None:
    code = getattr(error.orig, "sqlite_errorcode", None)
    if code is not None:
        return _SQLITE.get(code & 0xFF)  # the low byte is the primary code of an extended one
    state = getattr(error.orig, "sqlstate", None)
    if state is None:
        return _UNREACHABLE if error.connection_invalidated or _is_operational(error) else None
    return _POSTGRES.get(state) or _POSTGRES.get(state[:2])


def _is_operational(error: DBAPIError) -> bool:
    return type(error.orig).__name__ in {"OperationalError", "InterfaceError", "ConnectionTimeout"}
