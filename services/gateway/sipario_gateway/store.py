"""Where sessions are kept."""

from typing import Protocol

from sipario_gateway.session import Session


class Sessions(Protocol):
    """Sessions by the fingerprint of their id. They survive a restart. Raises `Unavailable` when they cannot be had."""

    async def keep(self, fingerprint: str, session: Session) -> None:
        """Begin a session."""
        ...

    async def use(self, fingerprint: str, seen: float) -> bool:
        """Note that a session was used; False when it has ended meanwhile, which stays so."""
        ...

    async def find(self, fingerprint: str) -> Session | None:
        """Return the session, alive or not; None when there is none."""
        ...

    async def end(self, fingerprint: str) -> None:
        """Forget it."""
        ...

    async def purge(self, created_before: float) -> None:
        """Forget all that began before."""
        ...
