"""A GitHub App asks for tokens of its installations, in time and no more often than needed."""

from pathlib import Path
from typing import Any

import httpx2
import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey
from sipario_scm import AccessDenied, Host, HostUnavailable, Lists, Mirrors, Scope
from sipario_scm.github_app import App, GitHubApps

API = "https://api.github.com"
KEY = RSAKey.generate_key(2048)
PEM = KEY.as_pem(private=True).decode()


class GitHub:
    """The part of GitHub that apps talk to."""

    def __init__(self) -> None:
        self.now = 1_795_341_600.0
        self.asked: list[str] = []
        self.given = 0
        self.status = 200

    def answer(self, request: httpx2.Request) -> httpx2.Response:
        path = request.url.path
        self.asked.append(path)
        if self.status != 200:
            return httpx2.Response(self.status, json={"message": "no"})
        if path in {"/orgs/palco/repos", "/users/palco/repos"}:
            assert request.headers["authorization"] == f"Bearer token-{self.given}"
            return httpx2.Response(200, json=[{"html_url": "https://github.com/Palco/shop"}])
        proof = jwt.decode(request.headers["authorization"].removeprefix("Bearer "), KEY, ["RS256"]).claims
        assert proof["iss"] == "7"
        assert proof["iat"] < self.now < proof["exp"] <= self.now + 600
        if path == "/app/installations":
            return httpx2.Response(
                200,
                json=[
                    {"id": 11, "account": {"login": "Palco"}, "suspended_at": None},
                    {"id": 12, "account": {"login": "asleep"}, "suspended_at": "2026-01-01T00:00:00Z"},
                    {"id": 13, "account": {"login": "other"}, "suspended_at": None},
                ],
            )
        assert path == "/app/installations/11/access_tokens"
        self.given += 1
        return httpx2.Response(
            201, json={"token": f"token-{self.given}", "expires_at": "2026-11-22T11:00:00Z"}
        )

    def apps(self, **more: Any) -> GitHubApps:
        entry = {"appId": 7, "privateKey": PEM, "allowedInstallationOwners": ["Palco", "asleep"], **more}
        transport = httpx2.MockTransport(self.answer)
        return GitHubApps(API, [App.of(entry)], transport=transport, clock=lambda: self.now)


@pytest.fixture
def github() -> GitHub:
    return GitHub()


def test_a_token_is_kept_until_it_is_about_to_end(github: GitHub) -> None:
    apps = github.apps()
    github.now = 1_795_341_600.0  # 10:00 of that day
    assert [apps.token("PALCO"), apps.token("palco")] == ["token-1", "token-1"]
    github.now += 3400
    assert apps.token("palco") == "token-2"
    assert github.asked.count("/app/installations") == 1


def test_owners_that_did_not_install_it_or_are_not_meant_have_none(github: GitHub) -> None:
    apps = github.apps()
    assert [apps.token("asleep"), apps.token("other"), apps.token("nobody")] == ["", "", ""]
    assert github.asked == ["/app/installations"], "somebody unknown is not looked for each time"
    assert apps.owners() == ["palco"]


def test_a_key_with_its_lines_written_as_an_escape_is_read(github: GitHub) -> None:
    assert github.apps(privateKey=PEM.replace("\n", "\\n")).token("palco") == "token-1"


def test_a_key_that_is_none_is_told_without_showing_it(github: GitHub) -> None:
    with pytest.raises(AccessDenied, match="private key of GitHub App 7") as told:
        github.apps(privateKey="secret nonsense").token("palco")
    assert "nonsense" not in str(told.value)
    assert "nonsense" not in repr(App.of({"appId": 7, "privateKey": "secret nonsense"}))


@pytest.mark.parametrize(("status", "error"), [(401, AccessDenied), (500, HostUnavailable)])
def test_a_refusal_and_a_failure_are_told_apart(github: GitHub, status: int, error: type[Exception]) -> None:
    github.status = status
    with pytest.raises(error):
        github.apps().token("palco")


async def test_repositories_are_listed_with_the_token_of_each_installation(github: GitHub) -> None:
    host = Host("github", "https://github.com", "", API, apps=github.apps())
    lists = Lists(transport=httpx2.MockTransport(github.answer))
    assert [each.address for each in await lists.of(host, Scope())] == ["https://github.com/palco/shop"]


def test_a_mirror_is_read_with_the_newest_token(github: GitHub, tmp_path: Path) -> None:
    host = Host("github", "https://github.com", "", API, apps=github.apps())
    mirrors = Mirrors(tmp_path / "mirrors")
    first = mirrors.of(host, "https://github.com/palco/shop")
    assert mirrors.of(host, "https://github.com/palco/shop") is first
    github.now += 3400
    second = mirrors.of(host, "https://github.com/palco/shop")
    assert (first.has("token-1"), second.has("token-2")) == (True, True)
    mirrors.close()
