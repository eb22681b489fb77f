"""Sign-in through OpenID Connect: code flow with PKCE, state and nonce, by authlib."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx2
from authlib.common.security import generate_token
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from sipario_kit.configuration import ConfigurationError, section
from sipario_kit.configuration_keys import not_offered
from sipario_kit.errors import Unauthenticated, Unavailable

ALGORITHMS = ["RS256", "PS256", "ES256", "EdDSA"]
LEEWAY_SECONDS = 60
TIMEOUT_SECONDS = 10.0


@dataclass(frozen=True)
class Provider:
    """One identity provider of the configuration. `resolvers` are tried in order until one names a user.

    `emails_are_verified` stands in for the claim `email_verified` of a provider that does not send it.
    """

    id: str
    title: str
    metadata_url: str
    client_id: str
    client_secret: str
    scope: str = "openid profile email"
    resolvers: tuple[str, ...] = ("emailMatchingUserEntityProfileEmail",)
    emails_are_verified: bool = False


@dataclass(frozen=True)
class Attempt:
    """What must be the same when the browser comes back."""

    provider: str
    state: str
    nonce: str
    verifier: str
    back_to: str = "/"


def providers(configuration: Mapping[str, Any]) -> dict[str, Provider]:
    """Read `auth.providers.<id>.<environment>` with a `metadataUrl`; raises `ConfigurationError`."""
    environment = str(section(configuration, "auth.environment", "development"))
    found = {}
    for name, by_environment in (section(configuration, "auth.providers", {}) or {}).items():
        options = (by_environment or {}).get(environment)
        if name == "guest" or not isinstance(options, Mapping) or not_offered(name, options):
            continue
        found[name] = _provider(name, options, f"auth.providers.{name}.{environment}")
    return found


def _provider(name: str, options: Mapping[str, Any], where: str) -> Provider:
    missing = [key for key in ("metadataUrl", "clientId", "clientSecret") if not options.get(key)]
    if missing:
        raise ConfigurationError(f"{where} lacks {', '.join(missing)}")
    resolvers = [str(each.get("resolver")) for each in section(options, "signIn.resolvers", [])]
    return Provider(
        id=name,
        title=str(options.get("title") or name),
        metadata_url=str(options["metadataUrl"]),
        client_id=str(options["clientId"]),
        client_secret=str(options["clientSecret"]),
        scope=str(options.get("scope") or Provider.scope),
        resolvers=tuple(resolvers) or Provider.resolvers,
        emails_are_verified=str(options.get("emailsAreVerified")).lower() == "true",
    )


class OidcClient:
    """Speaks with one provider. A provider that is down means `Unavailable`, never a way in."""

    def __init__(self, provider: Provider, redirect_uri: str, client: httpx2.AsyncClient) -> None:
        self.provider = provider
        self._redirect_uri = redirect_uri
        self._client = client

    async def begin(self, back_to: str) -> tuple[str, Attempt]:
        """Return where to send the browser, and what to remember of it."""
        metadata = await self._metadata()
        attempt = Attempt(
            self.provider.id, generate_token(32), generate_token(32), generate_token(48), back_to
        )
        query = httpx2.QueryParams(
            {
                "response_type": "code",
                "client_id": self.provider.client_id,
                "redirect_uri": self._redirect_uri,
                "scope": self.provider.scope,
                "state": attempt.state,
                "nonce": attempt.nonce,
                "code_challenge": create_s256_code_challenge(attempt.verifier),
                "code_challenge_method": "S256",
            }
        )
        endpoint = self._named(metadata, "authorization_endpoint")
        return f"{endpoint}{'&' if '?' in endpoint else '?'}{query}", attempt

    async def finish(self, attempt: Attempt, code: str) -> Mapping[str, Any]:
        """Exchange the code for the claims of who signed in; raises `Unauthenticated` when anything is amiss."""
        metadata = await self._metadata()
        tokens = await self._json(
            "POST",
            self._named(metadata, "token_endpoint"),
            data={
                "grant_type": "authorization_code",
                "code": code,
                "redirect_uri": self._redirect_uri,
                "code_verifier": attempt.verifier,
            },
            auth=(self.provider.client_id, self.provider.client_secret),
        )
        keys = await self._keys(self._named(metadata, "jwks_uri"))
        return self._claims(str(tokens.get("id_token", "")), keys, self._named(metadata, "issuer"), attempt)

    async def _keys(self, url: str) -> KeySet:
        found: Any = await self._json("GET", url)
        try:
            return KeySet.import_key_set(found)
        except (JoseError, ValueError, KeyError, TypeError) as error:
            raise Unavailable(
                f"{self.provider.title} answered {url} with keys that cannot be read."
            ) from error

    def _named(self, metadata: Mapping[str, Any], name: str) -> str:
        if not isinstance(metadata.get(name), str):
            raise Unavailable(f"{self.provider.title} does not name its {name}.")
        return str(metadata[name])

    def _claims(self, token: str, keys: KeySet, issuer: str, attempt: Attempt) -> Mapping[str, Any]:
        try:
            claims = jwt.decode(token, keys, algorithms=ALGORITHMS).claims
            jwt.JWTClaimsRegistry(
                now=lambda: int(time.time()),
                leeway=LEEWAY_SECONDS,
                iss={"essential": True, "value": issuer},
                aud={"essential": True, "value": self.provider.client_id},
                nonce={"essential": True, "value": attempt.nonce},
                exp={"essential": True},
            ).validate(claims)
        except (JoseError, ValueError) as error:
            raise Unauthenticated(f"{self.provider.title} sent a token that is not valid.") from error
        if claims.get("azp", self.provider.client_id) != self.provider.client_id:
            raise Unauthenticated(f"{self.provider.title} sent a token that is meant for somebody else.")
        return {"email_verified": self.provider.emails_are_verified, **claims}

    async def _metadata(self) -> Mapping[str, Any]:
        return await self._json("GET", self.provider.metadata_url)

    async def _json(self, method: str, url: str, **options: Any) -> dict[str, Any]:
        try:
            answer = await self._client.request(method, url, timeout=TIMEOUT_SECONDS, **options)
        except httpx2.RequestError as error:
            raise Unavailable(f"{self.provider.title} does not answer.") from error
        except httpx2.InvalidURL as error:
            raise Unavailable(f"{self.provider.title} names an address that cannot be read.") from error
        if answer.status_code >= 500:
            raise Unavailable(f"{self.provider.title} answers with {answer.status_code}.")
        if answer.status_code != 200:
            raise Unauthenticated(f"{self.provider.title} refused the sign-in ({answer.status_code}).")
        try:
            found = answer.json()
        except ValueError as error:
            raise Unavailable(
                f"{self.provider.title} answered {url} with something else than JSON."
            ) from error
        if not isinstance(found, dict):
            raise Unavailable(f"{self.provider.title} answered {url} with something else than an object.")
        return found
