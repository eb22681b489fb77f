"""People sign in, stay a while, and are out when they sign out."""

from pathlib import Path

import httpx2
import pytest
from sipario_gateway.auth.guest import guest
from sipario_gateway.auth.tokens import static_tokens
from sipario_gateway.desk import Desk
from sipario_gateway.session import Person, Session, fingerprint
from sipario_gateway.settings import Settings
from sipario_gateway.store_ledger import LedgerSessions
from sipario_kit.configuration import ConfigurationError
from sipario_kit.errors import NotAllowed, Unavailable
from sipario_ledger import Ledger
from starlette.requests import Request

MIGRATIONS = Path(__file__).parents[1] / "sipario_gateway" / "migrations"
ADA = Person("user:default/ada", "Ada")
ORIGIN = {"origin": "http://portal.test"}


class Clock:
    """A clock that stands until it is set."""

    now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


async def test_the_guest_signs_in_asks_and_signs_out(browser: httpx2.AsyncClient) -> None:
    assert (await browser.get("/api/auth/session")).json() == {"user": None}
    entered = await browser.post("/api/auth/guest")
    assert entered.json()["user"]["ref"] == "user:default/guest"
    cookie = entered.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert (await browser.get("/api/catalog/entities")).json()["principal"] == "user:default/guest"
    stolen = dict(browser.cookies)
    await browser.post("/api/auth/logout", headers=ORIGIN)
    browser.cookies.update(stolen)
    assert (await browser.get("/api/catalog/entities")).status_code == 401


async def test_sessions_survive_a_restart_and_end_in_time(database: str, settings: Settings) -> None:
    clock = Clock()
    async with Ledger.open(database, name="gateway", migrations=MIGRATIONS) as ledger:
        secret = await Desk(LedgerSessions(ledger), settings, clock).sign_in(ADA)
    async with Ledger.open(database, name="gateway", migrations=MIGRATIONS) as ledger:
        desk = Desk(LedgerSessions(ledger), settings, clock)
        assert await desk.person(secret) == ADA
        clock.now += settings.session_idle + 1
        assert await desk.person(secret) is None


async def test_use_prolongs_a_session_but_not_beyond_its_absolute_limit(
    database: str, settings: Settings
) -> None:
    clock = Clock()
    async with Ledger.open(database, name="gateway", migrations=MIGRATIONS) as ledger:
        secret = await Desk(LedgerSessions(ledger), settings, clock).sign_in(ADA)
        steps = settings.session_absolute // (settings.session_idle - 1)
        for _ in range(steps):
            clock.now += settings.session_idle - 1
            assert await Desk(LedgerSessions(ledger), settings, clock).person(secret) == ADA
        clock.now += settings.session_idle - 1
        assert await Desk(LedgerSessions(ledger), settings, clock).person(secret) is None


async def test_what_is_stored_opens_nothing(database: str, settings: Settings) -> None:
    async with Ledger.open(database, name="gateway", migrations=MIGRATIONS) as ledger:
        desk = Desk(LedgerSessions(ledger), settings)
        secret = await desk.sign_in(ADA)
        assert await desk.person(fingerprint(secret)) is None


async def test_a_stream_asks_whether_its_session_stays_and_does_not_prolong_it(
    database: str, settings: Settings
) -> None:
    clock = Clock()
    async with Ledger.open(database, name="gateway", migrations=MIGRATIONS) as ledger:
        desk = Desk(LedgerSessions(ledger), settings, clock)
        secret = await desk.sign_in(ADA)
        assert await desk.stays(fingerprint(secret))
        clock.now += settings.session_idle - 1
        assert await desk.stays(fingerprint(secret))
        clock.now += 2
        assert not await desk.stays(fingerprint(secret))
        other = await desk.sign_in(ADA)
        await desk.sign_out(other)
        assert not await desk.stays(fingerprint(other))


class SignsOutMeanwhile(LedgerSessions):
    """Sessions that end between the question for them and their use."""

    async def find(self, fingerprint: str) -> Session | None:
        found = await super().find(fingerprint)
        await self.end(fingerprint)
        return found


async def test_who_signs_out_while_a_request_is_on_its_way_stays_out(
    database: str, settings: Settings
) -> None:
    async with Ledger.open(database, name="gateway", migrations=MIGRATIONS) as ledger:
        secret = await Desk(LedgerSessions(ledger), settings).sign_in(ADA)
        assert await Desk(SignsOutMeanwhile(ledger), settings).person(secret) is None
        assert await Desk(LedgerSessions(ledger), settings).person(secret) is None


async def test_sessions_that_cannot_be_looked_up_let_nobody_in(database: str, settings: Settings) -> None:
    async with Ledger.open(database, name="gateway", migrations=MIGRATIONS) as ledger:
        desk = Desk(LedgerSessions(ledger), settings)
        secret = await desk.sign_in(ADA)
    with pytest.raises(Unavailable):
        await desk.person(secret)


HOST = (b"host", b"portal.test")


@pytest.mark.parametrize(
    ("client", "headers"),
    [
        (("10.0.0.5", 1), [HOST]),
        (None, [HOST]),
        (("127.0.0.1", 1), [HOST, (b"x-forwarded-for", b"10.0.0.5")]),
        (("127.0.0.1", 1), [HOST, (b"forwarded", b"for=10.0.0.5")]),
        (("127.0.0.1", 1), []),
        (("127.0.0.1", 1), [(b"host", b"evil.example:7007")]),
        (("127.0.0.1", 1), [(b"host", b"[::1")]),
    ],
)
def test_the_guest_comes_only_directly_over_loopback(
    client: tuple[str, int] | None, headers: list[tuple[bytes, bytes]]
) -> None:
    with pytest.raises(NotAllowed):
        guest(Request({"type": "http", "client": client, "headers": headers}), "portal.test")


@pytest.mark.parametrize("host", [b"portal.test", b"localhost:7007", b"127.0.0.1:7007", b"[::1]:7007"])
def test_the_guest_asks_for_this_portal(host: bytes) -> None:
    asking = {"type": "http", "client": ("127.0.0.1", 1), "headers": [(b"host", host)]}
    assert guest(Request(asking), "portal.test").ref == "user:default/guest"


def test_static_tokens_are_read_as_backstage_writes_them(settings: Settings) -> None:
    entry = {"type": "static", "options": {"token": "a-long-token", "subject": "ci"}}
    tokens = static_tokens(settings, {"backend": {"auth": {"externalAccess": [entry]}}})
    assert tokens[fingerprint("a-long-token")].ref == "external:ci"


def test_tokens_of_backstages_other_types_are_passed_over(settings: Settings) -> None:
    entry = {"type": "jwks", "options": {"url": "https://idp.example/keys"}}
    plain = static_tokens(settings, {})
    assert static_tokens(settings, {"backend": {"auth": {"externalAccess": [entry]}}}) == plain


@pytest.mark.parametrize(
    "entry",
    [
        {"type": "static"},
        {"type": "static", "options": {"token": "short", "subject": "ci"}},
        {"type": "static", "options": {"token": "a-long-token"}},
        {"type": "static", "options": {"token": "with a space", "subject": "ci"}},
    ],
)
def test_a_token_that_would_not_work_is_told_at_the_start(
    settings: Settings, entry: dict[str, object]
) -> None:
    with pytest.raises(ConfigurationError, match=r"backend\.auth\.externalAccess\[0\]"):
        static_tokens(settings, {"backend": {"auth": {"externalAccess": [entry]}}})
