import json
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sipario_scm import ForgedWebhook, Hosts, Sender, UnreadableWebhook, delivery_of, hear, sign

SHA = "a" * 40
ZERO = "0" * 40
HOME = "https://github.com/palco/shop"

GITHUB_PUSH: dict[str, Any] = {
    "ref": "refs/heads/main",
    "after": SHA,
    "deleted": False,
    "repository": {"html_url": "https://github.com/Palco/Shop"},
    "head_commit": {"timestamp": "2026-11-22T10:00:00+01:00", "author": {"name": "Ada"}},
    "sender": {"login": "ada"},
}
GITLAB_PUSH: dict[str, Any] = {
    "object_kind": "push",
    "ref": "refs/heads/main",
    "after": SHA,
    "user_username": "ada",
    "project": {"web_url": "https://gitlab.com/palco/box/shop"},
    "commits": [{"timestamp": "2026-11-22T10:00:00Z", "author": {"name": "Ada"}}],
}
CLOUD_PUSH: dict[str, Any] = {
    "actor": {"nickname": "ada"},
    "repository": {"links": {"html": {"href": "https://bitbucket.org/palco/shop"}}},
    "push": {"changes": [{"new": {"type": "branch", "name": "main", "target": {"hash": SHA}}, "old": None}]},
}
SERVER_PUSH: dict[str, Any] = {
    "actor": {"name": "ada"},
    "repository": {"links": {"self": [{"href": "https://bb.example.org/projects/PAL/repos/shop/browse"}]}},
    "changes": [{"ref": {"type": "BRANCH", "displayId": "main"}, "type": "UPDATE", "toHash": SHA}],
}
AZURE_HOME = "https://dev.azure.com/palco/my%20box/_git/shop"
AZURE_CONTAINERS = {
    "collection": {"id": "c", "baseUrl": "https://dev.azure.com/Palco/"},
    "project": {"id": "p", "baseUrl": "https://dev.azure.com/Palco/"},
}
AZURE_PUSH: dict[str, Any] = {
    "id": "03c164c2-8912-4d5e-8009-3707d5f83734",
    "eventType": "git.push",
    "publisherId": "tfs",
    "resource": {
        "commits": [{"commitId": SHA, "author": {"name": "Ada", "date": "2026-11-22T10:00:00Z"}}],
        "refUpdates": [{"name": "refs/heads/main", "oldObjectId": ZERO, "newObjectId": SHA}],
        "repository": {
            "name": "shop",
            "project": {"name": "My Box"},
            "defaultBranch": "refs/heads/main",
            "remoteUrl": "https://Palco@dev.azure.com/Palco/My%20Box/_git/shop",
        },
        "pushedBy": {"displayName": "ada", "uniqueName": "ada@example.org"},
    },
    "resourceContainers": AZURE_CONTAINERS,
}
GERRIT_HOME = "https://gerrit.example.org/plugins/gitiles/Box/shop"
GERRIT_PUSH: dict[str, Any] = {
    "type": "ref-updated",
    "submitter": {"name": "Ada", "username": "ada"},
    "refUpdate": {"oldRev": ZERO, "newRev": SHA, "refName": "refs/heads/main", "project": "Box/shop"},
    "eventCreatedOn": 1795341600,
}
HOSTS = Hosts.of_integrations(
    {"gerrit": [{"host": "gerrit.example.org"}], "bitbucketServer": [{"host": "bb.example.org"}]}
)
PLAIN_PUSH = {"repository": "https://git.example.org/Palco/shop.git", "ref": "refs/heads/main", "after": SHA}


def signed(sender: Sender, event: str, body: bytes, secret: str = "right") -> dict[str, str]:
    digest = sign(body, secret)
    return {
        "github": {"x-hub-signature-256": f"sha256={digest}", "x-github-event": event},
        "gitlab": {"x-gitlab-token": secret, "x-gitlab-event": event},
        "bitbucket": {"x-hub-signature": f"sha256={digest}", "x-event-key": event},
        "gitea": {"x-gitea-signature": digest, "x-gitea-event": event},
        "git": {"x-sipario-signature": digest},
        "azure": {"x-sipario-secret": secret},
        "gerrit": {"x-sipario-secret": secret},
    }[sender]


def told(sender: Sender, event: str, payload: object) -> list[tuple[str, str, str, str]]:
    body = json.dumps(payload).encode()
    changes = hear(sender, signed(sender, event, body), body, ["left", "right"], HOSTS)
    return [(each.change, each.repository, each.branch, each.commit) for each in changes]


@pytest.mark.parametrize(
    ("sender", "event", "payload", "home"),
    [
        ("github", "push", GITHUB_PUSH, HOME),
        ("gitea", "push", GITHUB_PUSH, HOME),
        ("gitlab", "Push Hook", GITLAB_PUSH, "https://gitlab.com/palco/box/shop"),
        ("bitbucket", "repo:push", CLOUD_PUSH, "https://bitbucket.org/palco/shop"),
        ("bitbucket", "repo:refs_changed", SERVER_PUSH, "https://bb.example.org/projects/pal/repos/shop"),
        ("git", "", PLAIN_PUSH, "https://git.example.org/Palco/shop"),
        ("azure", "", AZURE_PUSH, AZURE_HOME),
        ("gerrit", "", GERRIT_PUSH, GERRIT_HOME),
        (
            "bitbucket",
            "repo:refs_changed",
            {**SERVER_PUSH, "repository": {"slug": "shop", "project": {"key": "PAL"}}},
            "https://bb.example.org/projects/pal/repos/shop",
        ),
    ],
)
def test_a_push_names_repository_branch_and_commit(
    sender: Sender, event: str, payload: object, home: str
) -> None:
    assert told(sender, event, payload) == [("pushed", home, "main", SHA)]


def test_a_deleted_branch_has_no_commit() -> None:
    assert told("github", "push", {**GITHUB_PUSH, "after": ZERO, "deleted": True, "head_commit": None}) == [
        ("pushed", HOME, "main", "")
    ]


def test_a_tag_says_nothing() -> None:
    assert told("github", "push", {**GITHUB_PUSH, "ref": "refs/tags/v1"}) == []


def test_a_rename_tells_the_former_address() -> None:
    body = json.dumps(
        {
            "action": "renamed",
            "repository": {"html_url": HOME},
            "changes": {"repository": {"name": {"from": "store"}}},
            "sender": {"login": "ada"},
        }
    ).encode()
    (change,) = hear("github", signed("github", "repository", body), body, ["right"])
    assert (change.change, change.repository, change.previous) == (
        "renamed",
        HOME,
        "https://github.com/palco/store",
    )


def test_a_removal_and_a_pull_request_are_told() -> None:
    repository = {"repository": {"html_url": HOME}}
    assert told("github", "repository", {"action": "deleted", **repository}) == [("removed", HOME, "", "")]
    pull = {"head": {"ref": "fix", "sha": SHA}}
    assert told("github", "pull_request", {"action": "opened", "pull_request": pull, **repository}) == [
        ("pull_request", HOME, "fix", SHA)
    ]


def test_who_pushed_and_who_wrote_it_are_kept() -> None:
    body = json.dumps(GITHUB_PUSH).encode()
    (change,) = hear("github", signed("github", "push", body), body, ["right"])
    assert (change.cause.author, change.cause.actor, change.cause.commit) == ("Ada", "ada", SHA)


@pytest.mark.parametrize("sender", get_args(Sender))
def test_unknown_events_are_ignored(sender: Sender) -> None:
    if sender != "git":
        assert told(sender, "watch", {"action": "started"}) == []


@pytest.mark.parametrize("sender", get_args(Sender))
@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'"x"', b"\xff", b"null"])
def test_nonsense_that_is_signed_is_unreadable(sender: Sender, body: bytes) -> None:
    with pytest.raises(UnreadableWebhook):
        hear(sender, signed(sender, "push", body), body, ["right"])


@pytest.mark.parametrize("sender", get_args(Sender))
@pytest.mark.parametrize("secrets", [[], [""], ["", ""]])
def test_without_a_secret_nothing_is_believed(sender: Sender, secrets: list[str]) -> None:
    body = b"{}"
    for secret in ("right", ""):
        with pytest.raises(ForgedWebhook):
            hear(sender, signed(sender, "push", body, secret), body, secrets)


@given(
    sender=st.sampled_from(get_args(Sender)),
    place=st.integers(0, 10_000),
    bit=st.integers(0, 7),
)
def test_a_body_with_one_bit_changed_is_forged(sender: Sender, place: int, bit: int) -> None:
    if sender in ("gitlab", "azure", "gerrit"):  # they send their secret, and sign nothing
        return
    body = bytearray(json.dumps(GITHUB_PUSH).encode())
    headers = signed(sender, "push", bytes(body))
    body[place % len(body)] ^= 1 << bit
    with pytest.raises(ForgedWebhook):
        hear(sender, headers, bytes(body), ["right"])


@given(
    sender=st.sampled_from(get_args(Sender)),
    text=st.text(max_size=80),
    place=st.integers(0, 100),
)
def test_a_changed_signature_is_forged(sender: Sender, text: str, place: int) -> None:
    body = json.dumps(GITHUB_PUSH).encode()
    headers = signed(sender, "push", body)
    name = next(iter(headers))
    right = headers[name]
    for wrong in (text, right[:place] + text + right[place + 1 :], right.upper(), right + " ", right[:-1]):
        if wrong != right:
            with pytest.raises(ForgedWebhook):
                hear(sender, {**headers, name: wrong}, body, ["right", "other"])


def test_a_signature_of_another_kind_of_host_does_not_count() -> None:
    body = json.dumps(GITHUB_PUSH).encode()
    for sender in get_args(Sender):
        for other in get_args(Sender):
            if {sender, other} in ({"github", "gitea"}, {"azure", "gerrit"}, {sender}):
                continue
            with pytest.raises(ForgedWebhook):
                hear(sender, signed(other, "push", body), body, ["right"])


def test_a_delivery_is_known_by_its_id_and_sender() -> None:
    assert delivery_of("github", {"x-github-delivery": "7"}) == "github:7"
    assert delivery_of("gitlab", {"x-gitlab-event-uuid": "7"}) == "gitlab:7"
    assert delivery_of("git", {}) == ""
    assert delivery_of("azure", {}, json.dumps(AZURE_PUSH).encode()) == f"azure:{AZURE_PUSH['id']}"


def azure(event: str, **resource: Any) -> list[tuple[str, str, str, str]]:
    resource = {"project": {"name": "My Box"}, "repositoryName": "shop", **resource}
    return told(
        "azure", "", {"eventType": event, "resource": resource, "resourceContainers": AZURE_CONTAINERS}
    )


def test_azure_tells_what_becomes_of_repositories() -> None:
    assert azure("git.repo.deleted", isHardDelete=False) == [("removed", AZURE_HOME, "", "")]
    assert azure("git.repo.created") == [("pushed", AZURE_HOME, "", "")]
    assert azure("git.repo.forked") == []
    renamed = {"oldName": "store", "newName": "shop", "repository": {"name": "shop"}}
    resource = {"project": {"name": "My Box"}, **renamed}
    payload = {"eventType": "git.repo.renamed", "resource": resource, "resourceContainers": AZURE_CONTAINERS}
    body = json.dumps(payload).encode()
    (change,) = hear("azure", {"x-sipario-secret": "right"}, body, ["right"])
    assert (change.change, change.repository) == ("renamed", AZURE_HOME)
    assert change.previous == AZURE_HOME.replace("shop", "store")


def test_azure_tells_pull_requests_and_repositories_named_as_their_project() -> None:
    repository = {"name": "box", "remoteUrl": "https://dev.azure.com/Palco/_git/Box"}
    last = {"lastMergeSourceCommit": {"commitId": SHA}, "sourceRefName": "refs/heads/fix"}
    assert azure("git.pullrequest.created", repository=repository, **last) == [
        ("pull_request", "https://dev.azure.com/palco/box/_git/box", "fix", SHA)
    ]


def test_azure_tells_each_branch_of_a_push_and_no_tags() -> None:
    updates = [
        {"name": "refs/heads/a", "newObjectId": SHA},
        {"name": "refs/tags/v1", "newObjectId": SHA},
        {"name": "refs/heads/b", "newObjectId": ZERO},
    ]
    resource = {**AZURE_PUSH["resource"], "refUpdates": updates}
    found = told("azure", "", {**AZURE_PUSH, "resource": resource})
    assert [(branch, commit) for _, _, branch, commit in found] == [("a", SHA), ("b", "")]


def test_gerrit_tells_new_projects_patch_sets_and_what_the_plugins_do() -> None:
    assert told("gerrit", "", {"type": "project-created", "projectName": "Box/shop", "headName": "main"}) == [
        ("pushed", GERRIT_HOME, "", "")
    ]
    assert told("gerrit", "", {"type": "project-deleted", "projectName": "Box/shop"}) == [
        ("removed", GERRIT_HOME, "", "")
    ]
    change = {"project": "Box/shop", "branch": "main"}
    patch = {"type": "patchset-created", "change": change, "patchSet": {"revision": SHA}}
    assert told("gerrit", "", patch) == [("pull_request", GERRIT_HOME, "main", SHA)]
    meta = {**GERRIT_PUSH, "refUpdate": {**GERRIT_PUSH["refUpdate"], "refName": "refs/changes/01/1/meta"}}
    assert told("gerrit", "", meta) == []


def test_gerrit_tells_nothing_without_a_host_that_is_one() -> None:
    body = json.dumps(GERRIT_PUSH).encode()
    assert hear("gerrit", {"x-sipario-secret": "right"}, body, ["right"]) == ()


def test_what_an_app_of_github_may_read_is_told() -> None:
    installation = {"account": {"login": "Palco", "html_url": "https://github.com/Palco"}}
    payload = {
        "action": "added",
        "installation": installation,
        "repositories_added": [{"full_name": "Palco/Shop"}],
        "repositories_removed": [{"full_name": "Palco/store"}],
    }
    assert told("github", "installation_repositories", payload) == [
        ("removed", "https://github.com/palco/store", "", ""),
        ("pushed", HOME, "", ""),
    ]
    gone = {
        "action": "deleted",
        "installation": installation,
        "repositories": [{"full_name": "Palco/Shop"}],
    }
    assert told("github", "installation", gone) == [
        ("removed", HOME, "", ""),
        ("membership", "https://github.com/palco", "", ""),  # nor may its people be read any more
    ]
