"""What asking each provider for its repositories gave last. Kept in memory: every start asks all anew."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sipario_ledger.clock import Clock

from sipario_ingestor.providers import Provider
from sipario_ingestor.source import PROVIDER, State


@dataclass(frozen=True, slots=True)
class Discovery:
    """One provider: `at` is when it last gave its whole list, `reason` why it does not do so now."""

    state: State = "pending"
    at: datetime | None = None
    reason: str = ""


class Discoveries:
    """The last word of every configured provider."""

    def __init__(self, providers: Iterable[Provider], clock: Clock) -> None:
        self._clock = clock
        self._found = {each.id: Discovery() for each in providers}

    def succeeded(self, provider: str) -> None:
        """Keep that a provider gave its whole list."""
        self._found[provider] = Discovery("ok", self._clock())

    def failed(self, provider: str, reason: str) -> None:
        """Keep why a provider gave none."""
        self._found[provider] = replace(self._found[provider], state="failed", reason=reason)

    def sources(self) -> list[dict[str, Any]]:
        """Return the providers in the shape of sources, as people read them."""
        return [_shown(name, each) for name, each in sorted(self._found.items())]

    def reason(self) -> str:
        """Name the providers that failed; empty when there is none."""
        failed = {name: each.reason for name, each in sorted(self._found.items()) if each.state == "failed"}
        return "; ".join(f"discovery of provider {name} failed: {why}" for name, why in failed.items())


def _shown(name: str, discovery: Discovery) -> dict[str, Any]:
    return {
        "id": PROVIDER + name,
        "repository": "",
        "branch": "",
        "path": "",
        "commit": "",
        "state": discovery.state,
        "readAt": discovery.at.isoformat() if discovery.at else None,
        "problems": [{"message": discovery.reason, "level": "error"}] if discovery.reason else [],
    }
