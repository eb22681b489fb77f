"""The two addresses that a browser visits on its way through an identity provider."""

import httpx2
import pytest

PROVIDER = """
auth:
  providers:
    acme:
      development: {metadataUrl: "http://127.0.0.1:9/metadata", clientId: portal, clientSecret: secret}
"""


@pytest.fixture
def configuration() -> str:
    return PROVIDER


async def test_a_configured_provider_is_offered(browser: httpx2.AsyncClient) -> None:
    offered = (await browser.get("/api/auth/providers")).json()["providers"]
    assert [each["id"] for each in offered] == ["guest", "acme"]


async def test_a_sign_in_that_was_not_begun_here_leads_back_with_the_reason(
    browser: httpx2.AsyncClient,
) -> None:
    answer = await browser.get("/api/auth/oidc/acme/callback", params={"code": "x", "state": "y"})
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in?error=This+sign-in+was+not+begun+here")
    assert "sid" not in answer.cookies


async def test_a_provider_that_is_down_is_no_way_in(browser: httpx2.AsyncClient) -> None:
    assert (await browser.get("/api/auth/oidc/acme/start")).status_code == 503


async def test_an_unknown_provider_is_not_found(browser: httpx2.AsyncClient) -> None:
    assert (await browser.get("/api/auth/oidc/nobody/start")).status_code == 404


@pytest.mark.parametrize("back_to", ["https://evil.test/", "//evil.test", "/\\evil.test", "evil"])
async def test_nobody_is_sent_to_another_site(browser: httpx2.AsyncClient, back_to: str) -> None:
    answer = await browser.get("/api/auth/oidc/acme/start", params={"back_to": back_to})
    assert answer.status_code == 400
