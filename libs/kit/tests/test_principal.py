"""Nobody reaches a service unvouched for."""

import time

import httpx2
import pytest
from fastapi import FastAPI, Request
from joserfc import jwt
from joserfc.jwk import OctKey
from sipario_kit.errors import install_error_handlers
from sipario_kit.principal import Principal, authenticated, principal_of, token_for, vouch
from starlette.types import ASGIApp, Receive, Scope, Send

KEY = "k" * 40
ADA = Principal("user:default/ada")


def app() -> ASGIApp:
    inner = FastAPI()
    install_error_handlers(inner)

    @inner.get("/api/who")
    async def who(request: Request) -> str:
        found = principal_of(request.scope)
        assert found
        return found.ref

    @inner.get("/health/live")
    async def live() -> bool:
        return True

    return authenticated(inner, "search", KEY)


async def get(outer: ASGIApp, path: str, token: str | None = None) -> httpx2.Response:
    headers = {"authorization": f"Bearer {token}"} if token is not None else {}
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(outer), base_url="http://test") as client:
        return await client.get(path, headers=headers)


async def test_a_token_of_the_gateway_tells_who_is_asking() -> None:
    assert (await get(app(), "/api/who", token_for(ADA, "search", KEY))).json() == ADA.ref


async def test_in_process_the_gateway_vouches_without_a_token() -> None:
    service = app()

    async def gateway(scope: Scope, receive: Receive, send: Send) -> None:
        await service(vouch(scope, ADA), receive, send)

    assert (await get(gateway, "/api/who")).json() == ADA.ref


async def test_health_needs_nobody() -> None:
    assert (await get(app(), "/health/live")).status_code == 200


def _signed(key: str = KEY, algorithm: str = "HS256", **claims: object) -> str:
    now = int(time.time())
    usual = {"sub": "x", "kind": "user", "aud": "search", "iss": "sipario", "iat": now, "exp": now + 60}
    return jwt.encode({"alg": algorithm}, {**usual, **claims}, OctKey.import_key(key), algorithms=[algorithm])


@pytest.mark.parametrize(
    "token",
    [
        None,
        "",
        "nonsense",
        token_for(ADA, "techdocs", KEY),
        token_for(ADA, "search", "another key, as long as needed ......"),
        _signed(exp=1),
        _signed(iss="somebody"),
        _signed(algorithm="HS512"),
        "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4IiwiYXVkIjoic2VhcmNoIn0.",
    ],
)
async def test_anything_else_is_refused_in_the_known_shape(token: str | None) -> None:
    answer = await get(app(), "/api/who", token)
    assert answer.status_code == 401
    assert answer.json()["error"]["name"] == "AuthenticationError"
