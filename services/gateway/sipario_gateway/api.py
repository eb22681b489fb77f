"""What the gateway answers itself: sign-in, who is signed in, live updates, and how all services are."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from fastapi import FastAPI, Request
from fastapi.responses import RedirectResponse
from pydantic import ValidationError
from sipario_kit.errors import (
    InvalidInput,
    NotAllowed,
    NotFound,
    Unauthenticated,
    Unavailable,
    install_error_handlers,
)
from sipario_kit.principal import Principal, principal_of
from sse_starlette import EventSourceResponse
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import JSONResponse, Response

from sipario_gateway.answers import Providers, ServiceHealth, SessionAnswer, SignInProvider, shown
from sipario_gateway.auth.guest import guest
from sipario_gateway.auth.oidc import OidcClient
from sipario_gateway.auth.resolvers import FindUsers, resolve
from sipario_gateway.cookies import ATTEMPT, Cookies
from sipario_gateway.desk import Desk
from sipario_gateway.forward import Forward
from sipario_gateway.live import Live
from sipario_gateway.session import Person, fingerprint

HEARTBEAT_SECONDS = 15
LARGE = 1024
GUESTS = SignInProvider(id="guest", title="Guest", type="guest")
OURSELVES = Principal("service:gateway", "service")


@dataclass(frozen=True)
class Lobby:
    """All that the gateway's own endpoints need."""

    desk: Desk
    cookies: Cookies
    live: Live
    forwards: Mapping[str, Forward]
    providers: Mapping[str, OidcClient]
    find_users: FindUsers
    guest: bool
    public_host: str


def api(lobby: Lobby) -> FastAPI:
    """Make the app."""
    app = FastAPI(title="Sipario gateway", docs_url=None, redoc_url=None, openapi_url="/api/openapi.json")
    install_error_handlers(app)
    app.add_middleware(GZipMiddleware, minimum_size=LARGE)  # the UI's files; the event stream is left alone
    _session(app, lobby)
    _sign_in(app, lobby)
    _oidc(app, lobby)
    _watching(app, lobby)
    return app


def _session(app: FastAPI, lobby: Lobby) -> None:
    @app.get("/api/auth/session")
    async def session(request: Request) -> SessionAnswer:
        """Tell who is signed in; `user` is null for nobody."""
        secret = lobby.cookies.session_of(request)
        person = await lobby.desk.person(secret) if secret else None
        return SessionAnswer(user=shown(person) if person else None)

    @app.post("/api/auth/logout", response_model=SessionAnswer)
    async def logout(request: Request) -> Response:
        """End the session, here and on the server."""
        if secret := lobby.cookies.session_of(request):
            await lobby.desk.sign_out(secret)
            lobby.live.hang_up(fingerprint(secret))
        response = JSONResponse({"user": None})
        lobby.cookies.end(response)
        return response


def _sign_in(app: FastAPI, lobby: Lobby) -> None:
    @app.get("/api/auth/providers")
    async def providers() -> Providers:
        """List the ways to sign in."""
        configured = [each.provider for each in lobby.providers.values()]
        oidc = [SignInProvider(id=each.id, title=each.title, type="oidc") for each in configured]
        return Providers(providers=[GUESTS] * lobby.guest + oidc)

    @app.post("/api/auth/guest", response_model=SessionAnswer)
    async def enter_as_guest(request: Request) -> Response:
        """Sign the demo's guest in."""
        if not lobby.guest:
            raise NotAllowed("This portal has no guests.")
        return await _entered(lobby, guest(request, lobby.public_host), JSONResponse({"user": None}))


def _oidc(app: FastAPI, lobby: Lobby) -> None:
    @app.get("/api/auth/oidc/{provider}/start")
    async def start(provider: str, back_to: str = "/") -> Response:
        """Send the browser to the provider."""
        url, attempt = await _provider(lobby, provider).begin(_own_path(back_to))
        response = RedirectResponse(url, 303)
        lobby.cookies.remember(response, attempt)
        return response

    @app.get("/api/auth/oidc/{provider}/callback")
    async def callback(request: Request, provider: str, code: str = "", state: str = "") -> Response:
        """Take the browser back from the provider: signed in, or to the sign-in page with the reason."""
        client = _provider(lobby, provider)
        try:
            attempt = lobby.cookies.recall(request)
            if attempt.provider != provider or not state or attempt.state != state:
                raise Unauthenticated("This answer does not belong to the sign-in that was begun here.")
            if not code:
                raise Unauthenticated(f"{client.provider.title} did not let you in.")
            claims = await client.finish(attempt, code)
            person = await resolve(claims, client.provider.resolvers, lobby.find_users)
        except (Unauthenticated, NotAllowed, Unavailable) as error:
            return RedirectResponse(f"/sign-in?{urlencode({'error': str(error)})}", 303)
        response = RedirectResponse(attempt.back_to, 303)
        response.delete_cookie(ATTEMPT)
        return await _entered(lobby, person, response)


def _watching(app: FastAPI, lobby: Lobby) -> None:
    @app.get("/api/events/stream")
    async def stream(request: Request) -> EventSourceResponse:
        """Tell what changes, as server-sent events: `graph`, `docs`, `source`, and `reset` after a gap.

        The stream of a browser ends with its session.
        """
        secret = "" if "authorization" in request.headers else lobby.cookies.session_of(request)
        session = fingerprint(secret) if secret else ""
        return EventSourceResponse(lobby.live.listen(session), ping=HEARTBEAT_SECONDS)

    @app.get("/api/status")
    async def status(request: Request) -> dict[str, ServiceHealth]:
        """Tell how every service is: ready or why not, what each projection has yet to apply, what was parked."""
        asking = principal_of(request.scope)
        if asking is None or asking.kind != "operator":
            raise NotAllowed("Only the operator may ask this.")
        return {name: await _health(forward) for name, forward in lobby.forwards.items()}


async def _health(forward: Forward) -> ServiceHealth:
    try:
        answer = await forward.ask(OURSELVES, "/health/ready")
    except Unavailable as error:
        return ServiceHealth(ready=False, reason=str(error))
    try:
        return ServiceHealth.model_validate_json(answer.content)
    except ValidationError:
        return ServiceHealth(ready=False, reason=f"It answered {answer.status_code} when asked how it is.")


async def _entered(lobby: Lobby, person: Person, response: Response) -> Response:
    if isinstance(response, JSONResponse):
        response.body = response.render(SessionAnswer(user=shown(person)).model_dump())
        response.headers["content-length"] = str(len(response.body))
    lobby.cookies.begin(response, await lobby.desk.sign_in(person))
    return response


def _provider(lobby: Lobby, name: str) -> OidcClient:
    if name not in lobby.providers:
        raise NotFound("There is no such way to sign in.")
    return lobby.providers[name]


def _own_path(back_to: str) -> str:
    parts = urlsplit(back_to)
    if parts.scheme or parts.netloc or not back_to.startswith("/") or back_to.startswith(("//", "/\\")):
        raise InvalidInput("back_to must be a path of this portal.")
    return back_to
