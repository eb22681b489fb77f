"""Webhooks about people, teams and groups say whose directory is to be read again."""

import json
from typing import Any

import pytest
from sipario_events import RepositoryChanged
from sipario_scm import Hosts, Sender, hear, sign

HOSTS = Hosts.of_integrations({"gitlab": [{"host": "gitlab.example.org"}]})
PERSON = {"login": "ada", "html_url": "https://github.com/ada"}
PALCO = {"login": "Palco", "url": "https://api.github.com/orgs/Palco"}

TEAM = {"name": "Seats", "slug": "seats", "html_url": "https://github.com/orgs/Palco/teams/seats"}
JOINED = {
    "action": "added",
    "scope": "team",
    "member": {"login": "bo"},
    "team": TEAM,
    "organization": PALCO,
    "sender": PERSON,
}
GITLAB_JOINED = {
    "event_name": "user_add_to_group",
    "group_access": "Maintainer",
    "group_id": 78,
    "group_name": "Seats",
    "group_path": "seats",
    "user_email": "bo@example.org",
    "user_id": 41,
    "user_name": "Bo",
    "user_username": "bo",
}


def heard(
    sender: Sender, event: str, payload: dict[str, Any], **headers: str
) -> tuple[RepositoryChanged, ...]:
    body = json.dumps(payload).encode()
    digest = sign(body, "right")
    known = {
        "github": {"x-hub-signature-256": f"sha256={digest}", "x-github-event": event},
        "gitea": {"x-gitea-signature": digest, "x-gitea-event": event},
        "gitlab": {"x-gitlab-token": "right", "x-gitlab-event": event},
    }
    return hear(sender, {**known[sender], **headers}, body, ["right"], HOSTS)


@pytest.mark.parametrize(
    ("event", "action"),
    [
        ("membership", "added"),
        ("membership", "removed"),
        ("organization", "member_added"),
        ("organization", "member_removed"),
        ("team", "created"),
        ("team", "edited"),
        ("team", "deleted"),
    ],
)
def test_github_tells_whose_members_changed_and_who_did_it(event: str, action: str) -> None:
    (change,) = heard("github", event, {**JOINED, "action": action})
    assert (change.change, change.repository) == ("membership", "https://github.com/palco")
    assert change.cause.actor == "ada"


def test_what_teams_may_do_with_repositories_is_no_news() -> None:
    assert heard("github", "team", {**JOINED, "action": "added_to_repository"}) == ()


def test_two_changes_of_one_organisation_are_two_and_a_delivery_again_is_the_same() -> None:
    (first,) = heard("github", "membership", JOINED)
    (again,) = heard("github", "membership", JOINED)
    (other,) = heard("github", "membership", {**JOINED, "member": {"login": "cy"}})
    assert first.digest() == again.digest() != other.digest()
    assert first.identity() == other.identity()


@pytest.mark.parametrize(
    ("event", "headers", "homes"),
    [
        (
            "user_add_to_group",
            {"x-gitlab-instance": "https://gitlab.example.org"},
            ["https://gitlab.example.org"],
        ),
        ("user_remove_from_group", {"x-gitlab-instance": "https://gitlab.com/"}, ["https://gitlab.com"]),
        ("group_create", {}, ["https://gitlab.example.org", "https://gitlab.com"]),
        ("group_rename", {"x-gitlab-instance": "https://elsewhere.example"}, []),
        ("subgroup_destroy", {"x-gitlab-instance": "https://gitlab.com"}, ["https://gitlab.com"]),
        ("user_create", {"x-gitlab-instance": "https://gitlab.com"}, ["https://gitlab.com"]),
    ],
)
def test_gitlab_tells_it_of_the_whole_host(event: str, headers: dict[str, str], homes: list[str]) -> None:
    changes = heard("gitlab", "System Hook", {**GITLAB_JOINED, "event_name": event}, **headers)
    assert sorted(each.repository for each in changes) == sorted(homes)
    assert {each.change for each in changes} <= {"membership"}
