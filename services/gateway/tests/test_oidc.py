"""Sign-in through OpenID Connect lets in whom the provider names, and nobody else."""

import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from fastapi import FastAPI, Request
from joserfc import jwt
from joserfc.jwk import RSAKey
from sipario_gateway.auth.oidc import OidcClient, Provider, providers
from sipario_gateway.auth.resolvers import resolve
from sipario_kit.configuration import ConfigurationError
from sipario_kit.errors import NotAllowed, Unauthenticated, Unavailable
from starlette.responses import JSONResponse, Response

ISSUER = "https://idp.test"
PROVIDER = Provider("acme", "ACME", f"{ISSUER}/.well-known/openid-configuration", "portal", "s3cret")
BACK = "http://portal.test/api/auth/oidc/acme/callback"


class ScriptedProvider:
    """An identity provider that signs what it is told to; `spoil` changes the claims, `key` the signature."""

    def __init__(self) -> None:
        self.key = RSAKey.generate_key(2048, {"kid": "one"})
        self.signing_key = self.key
        self.spoil: dict[str, Any] = {}
        self.nonce = ""
        self.challenge = ""
        self.status = 200
        self.nonsense: dict[str, bytes] = {}
        self.app = FastAPI()
        self.app.get("/.well-known/openid-configuration")(self.metadata)
        self.app.get("/keys")(self.keys)
        self.app.post("/token")(self.token)
        self.app.middleware("http")(self.answer)

    async def answer(self, request: Request, call: Callable[[Request], Awaitable[Response]]) -> Response:
        nonsense = self.nonsense.get(request.url.path)
        return await call(request) if nonsense is None else Response(nonsense)

    async def metadata(self) -> Response:
        endpoints = {"authorization_endpoint": "/authorize", "token_endpoint": "/token", "jwks_uri": "/keys"}
        body = {"issuer": ISSUER, **{name: ISSUER + path for name, path in endpoints.items()}}
        return JSONResponse(body, self.status)

    async def keys(self) -> dict[str, Any]:
        return {"keys": [self.key.as_dict(private=False)]}

    async def token(self, request: Request) -> Response:
        form = parse_qs((await request.body()).decode())
        if create_s256_code_challenge(form["code_verifier"][0]) != self.challenge or form["redirect_uri"] != [
            BACK
        ]:
            return JSONResponse({"error": "invalid_grant"}, 400)
        now = int(time.time())
        claims = {
            "iss": ISSUER,
            "aud": "portal",
            "sub": "1",
            "iat": now,
            "exp": now + 60,
            "nonce": self.nonce,
        }
        claims = {**claims, "email": "ada@palco.example", **self.spoil}
        return JSONResponse(
            {"id_token": jwt.encode({"alg": "RS256", "kid": "one"}, claims, self.signing_key)}
        )


@pytest.fixture
def idp() -> ScriptedProvider:
    return ScriptedProvider()


@pytest.fixture
def client(idp: ScriptedProvider) -> OidcClient:
    return OidcClient(PROVIDER, BACK, httpx2.AsyncClient(transport=httpx2.ASGITransport(idp.app)))


async def claims_after(idp: ScriptedProvider, client: OidcClient) -> Mapping[str, Any]:
    url, attempt = await client.begin("/catalog")
    query = parse_qs(urlsplit(url).query)
    idp.nonce, idp.challenge = query["nonce"][0], query["code_challenge"][0]
    assert query["state"] == [attempt.state]
    assert query["code_challenge_method"] == ["S256"]
    return await client.finish(attempt, "a-code")


async def test_who_signs_in_there_is_known_here(idp: ScriptedProvider, client: OidcClient) -> None:
    assert (await claims_after(idp, client))["email"] == "ada@palco.example"


@pytest.mark.parametrize(
    "spoil",
    [
        {"iss": "https://evil.test"},
        {"aud": "somebody-else"},
        {"nonce": "another"},
        {"nonce": None},
        {"exp": 1},
        {"azp": "somebody-else"},
    ],
)
async def test_a_token_that_is_not_for_us_is_refused(
    idp: ScriptedProvider, client: OidcClient, spoil: dict[str, Any]
) -> None:
    idp.spoil = spoil
    with pytest.raises(Unauthenticated):
        await claims_after(idp, client)


async def test_a_token_signed_by_somebody_else_is_refused(idp: ScriptedProvider, client: OidcClient) -> None:
    idp.signing_key = RSAKey.generate_key(2048, {"kid": "one"})
    with pytest.raises(Unauthenticated):
        await claims_after(idp, client)


async def test_a_code_without_our_verifier_is_worth_nothing(
    idp: ScriptedProvider, client: OidcClient
) -> None:
    _, attempt = await client.begin("/")
    idp.challenge = create_s256_code_challenge(attempt.verifier)
    with pytest.raises(Unauthenticated):
        await client.finish(replace(attempt, verifier="guessed" * 8), "a-code")


async def test_a_provider_that_is_down_is_no_way_in(idp: ScriptedProvider, client: OidcClient) -> None:
    idp.status = 500
    with pytest.raises(Unavailable):
        await client.begin("/")


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/keys", "/token"])
@pytest.mark.parametrize("answer", [b"<html>Login</html>", b"", b"[]", b"{}", b'{"keys": [{}]}', b"\xff"])
async def test_a_provider_that_answers_nonsense_is_named_as_the_reason(
    idp: ScriptedProvider, client: OidcClient, path: str, answer: bytes
) -> None:
    idp.nonsense[path] = answer
    with pytest.raises((Unavailable, Unauthenticated), match="ACME"):
        await claims_after(idp, client)


USER = {
    "metadata": {"name": "ada"},
    "spec": {"profile": {"displayName": "Ada", "email": "ada@palco.example"}},
}
VERIFIED = {"email": "ada@palco.example", "email_verified": True}


@pytest.mark.parametrize(
    ("claims", "names", "found", "ref"),
    [
        (VERIFIED, ["emailMatchingUserEntityProfileEmail"], [USER], "user:default/ada"),
        ({"email": "ada@palco.example"}, ["emailMatchingUserEntityProfileEmail"], [USER], None),
        ({"email": "ada@palco.example"}, ["emailLocalPartMatchingUserEntityName"], [USER], None),
        (
            {"preferred_username": "ada"},
            ["preferredUsernameMatchingUserEntityName"],
            [USER],
            "user:default/ada",
        ),
        (
            {"email": "ada@palco.example", "email_verified": False},
            ["emailMatchingUserEntityProfileEmail"],
            [USER],
            None,
        ),
        (VERIFIED, ["emailMatchingUserEntityProfileEmail"], [], None),
        (VERIFIED, ["emailMatchingUserEntityProfileEmail"], [USER, USER], None),
        ({**VERIFIED, "email": "a,kind=group"}, ["emailMatchingUserEntityProfileEmail"], [USER], None),
        (VERIFIED, ["noSuchResolver"], [USER], None),
    ],
)
async def test_only_one_matching_user_is_let_in(
    claims: dict[str, Any], names: list[str], found: list[dict[str, Any]], ref: str | None
) -> None:
    async def find(_query: str) -> list[dict[str, Any]]:
        return found

    if ref is None:
        with pytest.raises(NotAllowed):
            await resolve(claims, names, find)
    else:
        assert (await resolve(claims, names, find)).ref == ref


@pytest.mark.parametrize(
    ("vouched", "claimed", "verified"),
    [(False, {}, False), (True, {}, True), (True, {"email_verified": False}, False)],
)
async def test_an_address_is_verified_when_the_provider_or_else_the_configuration_says_so(
    idp: ScriptedProvider, client: OidcClient, vouched: bool, claimed: dict[str, Any], verified: bool
) -> None:
    client.provider = replace(client.provider, emails_are_verified=vouched)
    idp.spoil = claimed
    assert (await claims_after(idp, client))["email_verified"] is verified


def test_providers_are_read_as_backstage_writes_them() -> None:
    options = {"metadataUrl": "https://idp.test/m", "clientId": "a", "clientSecret": "b"}
    found = providers({"auth": {"providers": {"guest": {}, "oidc": {"development": options}}}})
    assert list(found) == ["oidc"]


def test_a_provider_that_lacks_something_is_told_at_the_start() -> None:
    with pytest.raises(
        ConfigurationError, match=r"auth\.providers\.oidc\.development lacks metadataUrl, clientSecret"
    ):
        providers({"auth": {"providers": {"oidc": {"development": {"clientId": "a"}}}}})


def test_a_provider_of_backstages_that_is_not_offered_here_is_passed_over() -> None:
    entry = {"development": {"clientId": "a", "clientSecret": "b"}}
    assert providers({"auth": {"providers": {"github": entry}}}) == {}
