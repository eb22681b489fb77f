"""Who is asking: vouched for by the gateway, in process or by a signed token."""

import time
from dataclasses import dataclass
from typing import Any, Literal, cast

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from sipario_kit.errors import Unauthenticated, error_body

STATE = "sipario.principal"
LIFETIME_SECONDS = 300
LEEWAY_SECONDS = 60
OPEN = ("/health/",)


@dataclass(frozen=True)
class Principal:
    """Somebody who is signed in, a service, or the operator. `ref` is an entity ref or `service:NAME`."""

    ref: str
    kind: Literal["user", "service", "operator"] = "user"


def vouch(scope: Scope, principal: Principal) -> Scope:
    """Let a request to an app of this process carry its principal. Nothing from outside can: it is not a header."""
    return {**scope, "state": {**scope.get("state", {}), STATE: principal}}


def principal_of(scope: Scope) -> Principal | None:
    """Tell who is asking, once `authenticated` or the gateway has seen to it."""
    return cast("Principal | None", scope.get("state", {}).get(STATE))


def token_for(principal: Principal, audience: str, key: str) -> str:
    """Sign a token of five minutes by which one service (the audience) knows who is asking."""
    now = int(time.time())
    claims = {
        "sub": principal.ref,
        "kind": principal.kind,
        "aud": audience,
        "iss": "sipario",
        "iat": now,
        "exp": now + LIFETIME_SECONDS,
    }
    return jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(key))


def principal_from(token: str, audience: str, key: str) -> Principal:
    """Read a token of `token_for`; raises `Unauthenticated` for anything else."""
    try:
        claims = jwt.decode(token, OctKey.import_key(key), algorithms=["HS256"]).claims
        jwt.JWTClaimsRegistry(
            leeway=LEEWAY_SECONDS,
            aud={"essential": True, "value": audience},
            iss={"essential": True, "value": "sipario"},
            exp={"essential": True},
        ).validate(claims)
    except (JoseError, ValueError) as error:
        raise Unauthenticated("The service token is not valid.") from error
    return Principal(str(claims["sub"]), cast("Any", claims["kind"]))


def authenticated(app: ASGIApp, audience: str, key: str, *, opened: tuple[str, ...] = OPEN) -> ASGIApp:
    """Wrap a service's app: 401 unless the gateway vouched for the caller or a signed token tells who it is."""

    async def checked(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or principal_of(scope) or scope["path"].startswith(opened):
            return await app(scope, receive, send)
        request = Request(scope)
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        try:
            if scheme.lower() != "bearer" or not key:
                raise Unauthenticated("Sign in, or send a token.")
            vouched = vouch(scope, principal_from(token, audience, key))
        except Unauthenticated as error:
            refusal = error_body(request, error.status, error.name, str(error))
            return await refusal(scope, receive, send)
        return await app(vouched, receive, send)

    return checked
