"""GitHub Apps: tokens of their installations, which last an hour and are asked for anew in time."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Lock
from typing import Any

import httpx2
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

from sipario_scm.address import moment
from sipario_scm.errors import AccessDenied, HostUnavailable

EARLY_SECONDS = 300.0
LIST_SECONDS = 60.0
TIMEOUT_SECONDS = 20.0
PAGE = 100
_CLOCKS_DIFFER = 60
_LIFE_SECONDS = 540


@dataclass(frozen=True, slots=True)
class App:
    """An entry of `integrations.github[].apps`: its id, its key as PEM, and the owners it is meant for (none: all)."""

    id: str
    key: str = field(repr=False)
    owners: tuple[str, ...] = ()

    @classmethod
    def of(cls, entry: Mapping[str, Any]) -> "App":
        """Read an entry of the configuration."""
        owners = entry.get("allowedInstallationOwners") or ()
        key = str(entry.get("privateKey") or "").replace("\\n", "\n")
        return cls(str(entry.get("appId") or ""), key, tuple(str(each).lower() for each in owners))

    def proof(self, now: float) -> str:
        """Sign that we are the app, for ten minutes; raises AccessDenied when the key is none."""
        claims = {
            "iss": self.id,
            "iat": int(now) - _CLOCKS_DIFFER,
            "exp": int(now) + _LIFE_SECONDS,
        }
        try:
            return jwt.encode({"alg": "RS256"}, claims, RSAKey.import_key(self.key))
        except (JoseError, ValueError, TypeError) as error:
            raise AccessDenied(f"the private key of GitHub App {self.id} can't be used") from error


class GitHubApps:
    """The apps of one host. Its methods block; for any thread. `clock` counts seconds of the epoch."""

    def __init__(
        self,
        api: str,
        apps: Sequence[App],
        *,
        transport: httpx2.BaseTransport | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._api = api
        self._apps = tuple(apps)
        self._transport = transport
        self._clock = clock
        self._lock = Lock()
        self._listed_at = -LIST_SECONDS
        self._installations: dict[str, tuple[App, str]] = {}
        self._tokens: dict[str, tuple[str, float]] = {}

    def owners(self) -> list[str]:
        """Return the owners that have installed one of the apps. Raises AccessDenied and HostUnavailable."""
        with self._lock:
            self._look()
            return sorted(self._installations)

    def token(self, owner: str) -> str:
        """Return a token for an owner's repositories; empty when no app is installed there.

        Raises AccessDenied and HostUnavailable.
        """
        owner = owner.lower()
        with self._lock:
            token, until = self._tokens.get(owner, ("", 0.0))
            if token and until - EARLY_SECONDS > self._clock():
                return token
            if owner not in self._installations and self._clock() - self._listed_at >= LIST_SECONDS:
                self._look()
            if owner not in self._installations:
                return ""
            self._tokens[owner] = self._asked(*self._installations[owner])
            return self._tokens[owner][0]

    def _look(self) -> None:
        found: dict[str, tuple[App, str]] = {}
        for app in self._apps:
            for entry in self._installed(app):
                owner = str(entry["account"]["login"]).lower()
                if not entry.get("suspended_at") and (not app.owners or owner in app.owners):
                    found.setdefault(owner, (app, str(entry["id"])))
        self._installations = found
        self._listed_at = self._clock()

    def _installed(self, app: App) -> list[Any]:
        found: list[Any] = []
        entries: Any = None
        while entries is None or len(entries) == PAGE:
            page = len(found) // PAGE + 1
            entries = self._ask(app, "GET", f"/app/installations?per_page={PAGE}&page={page}")
            if not isinstance(entries, list):
                raise HostUnavailable(f"{self._api} does not list the installations of GitHub App {app.id}")
            found += entries
        return found

    def _asked(self, app: App, installation: str) -> tuple[str, float]:
        answer = self._ask(app, "POST", f"/app/installations/{installation}/access_tokens")
        try:
            until = moment(answer.get("expires_at")) or datetime.fromtimestamp(self._clock(), UTC)
            return str(answer["token"]), until.timestamp()
        except (AttributeError, KeyError) as error:
            raise HostUnavailable(f"{self._api} gives no token to GitHub App {app.id}") from error

    def _ask(self, app: App, method: str, path: str) -> Any:
        headers = {
            "authorization": f"Bearer {app.proof(self._clock())}",
            "accept": "application/vnd.github+json",
        }
        try:
            with httpx2.Client(transport=self._transport, timeout=TIMEOUT_SECONDS) as client:
                answer = client.request(method, self._api + path, headers=headers)
            if answer.status_code in (401, 403, 404):
                raise AccessDenied(f"{self._api} refuses GitHub App {app.id}: {answer.status_code}")
            if answer.status_code >= 300:
                raise HostUnavailable(f"{self._api} answers {answer.status_code} to GitHub App {app.id}")
            return answer.json()
        except (httpx2.HTTPError, ValueError) as error:
            raise HostUnavailable(f"{self._api} does not answer: {error or type(error).__name__}") from error
