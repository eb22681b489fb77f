"""The desk where sessions begin and end."""

import time
from collections.abc import Callable
from dataclasses import replace

from sipario_gateway.session import Person, Session, fingerprint, new_id
from sipario_gateway.settings import Settings
from sipario_gateway.store import Sessions

REMEMBERED = 10_000
REMEMBERED_SECONDS = 60
NOT_KNOWN = (None, 0.0)


class Desk:
    """Signs people in and out, and tells whose session an id is.

    Sessions are read from the store once a minute at most, and that they are in use is written as seldom.
    """

    def __init__(
        self, sessions: Sessions, settings: Settings, clock: Callable[[], float] = time.time
    ) -> None:
        self._sessions = sessions
        self._settings = settings
        self._clock = clock
        self._known: dict[str, tuple[Session, float]] = {}

    async def sign_in(self, person: Person) -> str:
        """Begin a session; returns the id for the cookie."""
        now = self._clock()
        secret = new_id()
        await self._sessions.purge(now - self._settings.session_absolute)
        await self._sessions.keep(fingerprint(secret), Session(person, created=now, seen=now))
        return secret

    async def sign_out(self, secret: str) -> None:
        """End the session: its id opens nothing any more."""
        self._known.pop(fingerprint(secret), None)
        await self._sessions.end(fingerprint(secret))

    async def person(self, secret: str) -> Person | None:
        """Tell who holds the id, if its session is alive."""
        print_ = fingerprint(secret)
        known, until = self._known.get(print_, NOT_KNOWN)
        session = known if self._clock() < until else await self._look_up(print_)
        return session.person if session and self._alive(session) else None

    async def stays(self, print_: str) -> bool:
        """Tell whether the session of a fingerprint is alive still; asking does not prolong it."""
        session = await self._sessions.find(print_)
        return session is not None and self._alive(session)

    async def _look_up(self, print_: str) -> Session | None:
        session = await self._sessions.find(print_)
        if session is None or not self._alive(session):
            return None
        used = replace(session, seen=self._clock())
        if not await self._sessions.use(print_, used.seen):
            return None
        if len(self._known) >= REMEMBERED:
            self._known.clear()
        self._known[print_] = used, used.seen + REMEMBERED_SECONDS
        return used

    def _alive(self, session: Session) -> bool:
        return session.alive(
            self._clock(), idle=self._settings.session_idle, absolute=self._settings.session_absolute
        )
