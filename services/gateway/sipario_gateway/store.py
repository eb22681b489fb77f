"""Where sessions are kept."""

from typing import Protocol

from sipario_gateway.session import Session


class Sessions(Protocol):
    """Sessions by the fingerprint of their id. They survive a restart."""

    async def keep(self, fingerprint: str, session: Session) -> None:
        """Begin a session, or note that it was used."""
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
