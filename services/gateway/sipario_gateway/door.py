"""The door: who is asking, may they pass, and where to."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from sipario_kit.errors import NotAllowed, StatusError, Unauthenticated, Unavailable, error_body
from sipario_kit.principal import Principal, vouch
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from sipario_gateway.cookies import Cookies
from sipario_gateway.desk import Desk
from sipario_gateway.forward import Forward
from sipario_gateway.routes import Route, plain, route
from sipario_gateway.session import fingerprint
from sipario_gateway.waiting import Waiting

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
OPEN = ("/api/auth/", "/health/")
HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
)


class Door:
    """Lets requests through to services and to the gateway's own pages; everything below `/api` needs a caller.

    Callers are known by a bearer token or by the session cookie; with the cookie, whatever changes something must
    come from our own pages.
    """

    def __init__(
        self,
        own: ASGIApp,
        forwards: Mapping[str, Forward],
        *,
        desk: Desk,
        cookies: Cookies,
        tokens: Mapping[str, Principal],
        waiting: Waiting,
        public_url: str,
    ) -> None:
        self._own = own
        self._forwards = forwards
        self._desk = desk
        self._cookies = cookies
        self._tokens = tokens
        self._waiting = waiting
        self._public_host = urlsplit(public_url).netloc

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; what is not HTTP is not answered."""
        if scope["type"] != "http":
            return
        request = Request(scope, receive)
        try:
            await self._pass(request, receive, _with_headers(send))
        except StatusError as error:
            refusal = error_body(request, error.status, error.name, str(error))
            await refusal(scope, receive, _with_headers(send))

    async def _pass(self, request: Request, receive: Receive, send: Send) -> None:
        scope = request.scope
        path = plain(scope["path"], scope.get("raw_path") or scope["path"].encode())
        found = route(path, scope["method"])
        if found and found.opened:
            return await self._forward(found).send(None, scope, receive, send)
        principal = await self._principal(request)
        if principal is None and path.startswith("/api") and not path.startswith(OPEN):
            raise Unauthenticated("Sign in, or send a token.")
        if found:
            scope = await self._waiting.waited(request, found.service)
            return await self._forward(found).send(principal, scope, receive, send)
        return await self._own(vouch(scope, principal) if principal else scope, receive, send)

    def _forward(self, found: Route) -> Forward:
        if found.service not in self._forwards:
            raise Unavailable(f"No address of the service {found.service} is configured (GATEWAY_UPSTREAMS).")
        return self._forwards[found.service]

    async def _principal(self, request: Request) -> Principal | None:
        if authorization := request.headers.get("authorization"):
            return self._of_token(authorization)
        secret = self._cookies.session_of(request)
        person = await self._desk.person(secret) if secret else None
        if person is None:
            return None
        self._check_origin(request)
        return Principal(person.ref)

    def _of_token(self, authorization: str) -> Principal:
        scheme, _, token = authorization.partition(" ")
        principal = self._tokens.get(fingerprint(token.strip())) if scheme.lower() == "bearer" else None
        if principal is None:
            raise Unauthenticated("The token is not valid.")
        return principal

    def _check_origin(self, request: Request) -> None:
        if request.method in SAFE:
            return
        origin, site = request.headers.get("origin"), request.headers.get("sec-fetch-site")
        hosts = {self._public_host, request.headers.get("host", "")}
        if site in ("cross-site", "same-site") or (origin and urlsplit(origin).netloc not in hosts):
            raise NotAllowed("This request came from another site.")
        if origin is None and site is None:
            raise NotAllowed("A request with a session must say where it comes from (Origin).")


def _with_headers(send: Send) -> Send:
    async def sending(message: dict[str, object]) -> None:
        if message["type"] == "http.response.start":
            headers = list(message.get("headers", ()))  # type: ignore[call-overload]
            there = {name.lower() for name, _ in headers}
            message["headers"] = headers + [each for each in HEADERS if each[0] not in there]
        await send(message)

    return sending  # type: ignore[return-value]
