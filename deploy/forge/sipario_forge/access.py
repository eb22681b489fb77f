"""Who asks, and whether they may."""

import base64
import binascii
import hmac
from collections.abc import Iterable

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from sipario_forge.errors import BadCredentials, NotFound
from sipario_forge.registry import Hosted


class Access:
    """The forge has one account; everybody else is a reader of what is public."""

    def __init__(self, user: str, token: str) -> None:
        if not token:
            raise ValueError("a forge needs a token that is not empty")
        self.user = user
        self._token = token.encode()

    def who(self, headers: Headers) -> str | None:
        """Return the login of who asks, None for nobody; raises BadCredentials for wrong ones."""
        given = headers.get("authorization")
        if given is None:
            return None
        if not any(hmac.compare_digest(secret, self._token) for secret in _secrets(given)):
            raise BadCredentials("Bad credentials")
        return self.user

    def writer(self, headers: Headers) -> str:
        """Return the login of who asks; raises BadCredentials for nobody."""
        who = self.who(headers)
        if who is None:
            raise BadCredentials("Requires authentication")
        return who

    def reader_of(self, hosted: Hosted, headers: Headers) -> str | None:
        """Let whoever may read a repository pass; for others it does not exist."""
        who = self.who(headers)
        if hosted.private and who is None:
            raise NotFound
        return who


def _secrets(header: str) -> Iterable[bytes]:
    """Return what may be the token: clients put it in place of the user, of the password, or alone."""
    scheme, _, value = header.partition(" ")
    if scheme.lower() in {"token", "bearer"}:
        return [value.strip().encode()]
    if scheme.lower() != "basic":
        return []
    try:
        return [part for part in base64.b64decode(value, validate=True).partition(b":") if part]
    except binascii.Error:
        return []


class KnownHosts:
    """Refuses requests whose Host is none of the forge's: a web page must not reach it by a rebound name."""

    def __init__(self, app: ASGIApp, hosts: Iterable[str]) -> None:
        self._app = app
        self._hosts = {"127.0.0.1", "localhost", "[::1]", *hosts}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let requests for the forge itself pass."""
        if scope["type"] == "http" and _host(Headers(scope=scope)) not in self._hosts:
            await send({"type": "http.response.start", "status": 421, "headers": [(b"content-length", b"0")]})
            await send({"type": "http.response.body"})
            return
        await self._app(scope, receive, send)


def _host(headers: Headers) -> str:
    host = headers.get("host", "").lower()
    return host[: host.index("]") + 1] if host.startswith("[") and "]" in host else host.partition(":")[0]
