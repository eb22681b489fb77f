"""Nobody passes the door unknown, however the path is written."""

import httpx2
import pytest
from sipario_engines import Broker
from sipario_gateway.app import service
from sipario_gateway.routes import ROUTES, route
from sipario_gateway.settings import Settings
from sipario_kit.settings import CommonSettings

BEARER = {"authorization": "Bearer operator-token"}
SAME_ORIGIN = {"origin": "http://portal.test"}
PROTECTED = [each.prefix for each in ROUTES if not each.opened] + [
    "/api/events/stream",
    "/api/status",
    "/api/nothing",
]
MANGLED = [
    "{0};x=1",
    "/health/live/..{0}",
    "/api/auth/..;{0}",
    "/api/auth/%2e%2e{0}",
    "//{1}",
    "{0}//",
    "/./{1}",
    "/api/auth/session%2f..%2f..{0}",
    "{0}%2f",
    "{0}%00",
    "/api/auth/../..{0}",
    "{0}/%5c..",
    "/api%2fcatalog",
    "/api/events/http/..{0}",
    "/api/events/http/%2e%2e/%2e%2e{0}",
    "/api/events/http;{0}",
]


async def test_without_a_credential_there_is_401(browser: httpx2.AsyncClient) -> None:
    for path in PROTECTED:
        for method in ("GET", "POST", "PUT", "DELETE"):
            answer = await browser.request(method, f"{path}/x")
            assert answer.status_code == 401, (method, path)
            assert answer.json()["error"]["name"] == "AuthenticationError"


async def test_a_mangled_path_reaches_no_service(browser: httpx2.AsyncClient) -> None:
    for path in [form.format(prefix, prefix.lstrip("/")) for form in MANGLED for prefix in PROTECTED]:
        url = httpx2.URL("http://portal.test").copy_with(raw_path=path.encode())
        answer = await browser.send(httpx2.Request("GET", url))
        # A client that tidies the path up itself may end at the public page of the UI, never at a service.
        assert answer.status_code in (400, 401, 404) or "text/html" in answer.headers["content-type"], path
        assert '"service":' not in answer.text, path


@pytest.mark.parametrize(
    "authorization",
    ["Bearer wrong", "Bearer ", "Basic b3BlcmF0b3ItdG9rZW4=", "operator-token", "Bearer operator-token x"],
)
async def test_a_wrong_token_is_refused(browser: httpx2.AsyncClient, authorization: str) -> None:
    answer = await browser.get("/api/catalog/entities", headers={"authorization": authorization})
    assert answer.status_code == 401


@pytest.mark.parametrize(
    ("path", "service"),
    [
        ("/api/catalog/entities", "catalog-graph"),
        ("/api/catalog/locations/1", "ingestor"),
        ("/api/catalog/locationsx", "catalog-graph"),
        ("/api/graph/impact/component/default/x", "catalog-graph"),
        ("/api/search/query", "search"),
        ("/api/techdocs/metadata/techdocs/default/component/x", "techdocs"),
    ],
)
async def test_the_operator_reaches_every_service(
    browser: httpx2.AsyncClient, path: str, service: str
) -> None:
    answer = await browser.get(path, headers=BEARER)
    assert answer.json() == {"service": service, "path": path, "principal": "service:operator"}


async def test_a_service_without_an_address_is_named(settings: Settings, broker: Broker) -> None:
    common = CommonSettings(kafka=broker.address, fetch_max_wait_ms=20)
    gateway = service(settings, common)
    assert gateway.api
    async with gateway.running():
        transport = httpx2.ASGITransport(gateway.api)
        async with httpx2.AsyncClient(transport=transport, base_url="http://portal.test") as client:
            for path, name in (("/api/search/query", "search"), ("/api/events/http/github", "ingestor")):
                answer = await client.get(path, headers=BEARER)
                assert answer.status_code == 503
                assert f"service {name} is configured" in answer.json()["error"]["message"]


async def test_a_service_that_cannot_tell_how_it_is_counts_as_not_ready(browser: httpx2.AsyncClient) -> None:
    told = (await browser.get("/api/status", headers=BEARER)).json()
    assert told["search"]["ready"] is False
    assert "answered 200" in told["search"]["reason"]


async def test_webhooks_pass_unknown_because_they_are_signed(browser: httpx2.AsyncClient) -> None:
    answer = await browser.post("/api/events/http/github", content=b"{}")
    assert answer.json()["service"] == "ingestor"
    assert answer.json()["principal"] is None


async def test_a_header_from_outside_vouches_for_nobody(browser: httpx2.AsyncClient) -> None:
    headers = {"x-principal": "user:default/boss", "sipario.principal": "user:default/boss"}
    assert (await browser.get("/api/catalog/entities", headers=headers)).status_code == 401


async def test_every_answer_is_guarded(browser: httpx2.AsyncClient) -> None:
    for path in ("/", "/api/catalog/entities", "/api/auth/session", "/catalog/default/component/x"):
        answer = await browser.get(path)
        assert answer.headers["x-content-type-options"] == "nosniff", path
        assert answer.headers["x-frame-options"] == "DENY", path


async def test_the_page_runs_only_our_own_scripts(browser: httpx2.AsyncClient) -> None:
    policy = (await browser.get("/catalog")).headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy


async def test_with_a_session_changes_must_come_from_our_own_pages(browser: httpx2.AsyncClient) -> None:
    await browser.post("/api/auth/guest")
    refused = [
        {"origin": "http://evil.test"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site", **SAME_ORIGIN},
        {},
    ]
    for headers in refused:
        answer = await browser.post("/api/catalog/refresh", headers=headers)
        assert answer.status_code == 403, headers
    assert (await browser.post("/api/catalog/refresh", headers=SAME_ORIGIN)).status_code == 200


def test_the_longest_prefix_wins_and_only_whole_segments_count() -> None:
    found = [
        route(path, "GET") for path in ("/api/catalog/locations", "/api/catalogue", "/", "/api/events/stream")
    ]
    assert [each.service if each else None for each in found] == ["ingestor", None, None, None]
    deleting, reading = (route("/api/catalog/entities/by-uid/1", method) for method in ("DELETE", "GET"))
    assert (deleting and deleting.service, reading and reading.service) == ("ingestor", "catalog-graph")
