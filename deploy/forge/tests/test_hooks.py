"""Webhooks, as a portal hears them."""

import pytest
from sipario_forge.testing import Git, HookReceiver, ServedForge


@pytest.mark.usefixtures("shop")
def test_a_push_is_told_signed_with_github_s_words(forge: ServedForge, git: Git, hooks: HookReceiver) -> None:
    before = git.says("rev-parse", "HEAD")
    git("rm", "--quiet", "docs/index.md")
    after = git.commit({"README.md": "# Changed\n", "catalog-info.yaml": "kind: Component\n"}, "Describe it")
    git("push", "--quiet", "origin", "main")
    told = hooks.wait_for("push", 2)[-1]
    assert told.signed_with("of the forge")
    assert not told.signed_with("another")
    assert told.headers["content-type"] == "application/json"
    push = told.json
    assert (push["ref"], push["before"], push["after"]) == ("refs/heads/main", before, after)
    assert (push["created"], push["deleted"], push["forced"]) == (False, False, False)
    assert push["repository"]["full_name"] == "ada/shop"
    assert push["repository"]["clone_url"] == f"{forge.url}/ada/shop.git"
    assert push["repository"]["default_branch"] == "main"
    assert push["repository"]["owner"]["login"] == push["sender"]["login"] == push["pusher"]["name"] == "ada"
    [commit] = push["commits"]
    assert commit == push["head_commit"]
    assert commit["id"] == after
    assert commit["message"] == "Describe it"
    assert commit["author"] == {"name": "Ada", "email": "ada@example.org"}
    changed = (commit["added"], commit["modified"], commit["removed"])
    assert changed == (["catalog-info.yaml"], ["README.md"], ["docs/index.md"])


@pytest.mark.usefixtures("forge", "shop")
def test_every_delivery_has_an_id_of_its_own(hooks: HookReceiver) -> None:
    hooks.wait_for("create")
    ids = [told.headers["x-github-delivery"] for told in hooks.told]
    assert len(set(ids)) == len(ids) >= 3


@pytest.mark.usefixtures("forge", "shop")
def test_pushes_to_one_repository_are_told_in_order(git: Git, hooks: HookReceiver) -> None:
    pushed = []
    for number in range(8):
        pushed.append(git.commit({"README.md": f"{number}\n"}))
        git("push", "--quiet", "origin", "main")
    assert [told.json["after"] for told in hooks.wait_for("push", 9)[1:]] == pushed


@pytest.mark.usefixtures("forge", "shop")
def test_branches_and_tags_are_announced(git: Git, hooks: HookReceiver) -> None:
    git("tag", "v1")
    git("push", "--quiet", "origin", "v1")
    git("push", "--quiet", "origin", ":v1")
    assert [told.json["ref"] for told in hooks.wait_for("create", 2)] == ["main", "v1"]
    gone = hooks.wait_for("delete")[0].json
    assert (gone["ref"], gone["ref_type"]) == ("v1", "tag")
    last = hooks.wait_for("push", 3)[-1].json
    assert (last["deleted"], last["head_commit"]) == (True, None)


def test_the_life_of_a_repository_is_announced(forge: ServedForge, hooks: HookReceiver) -> None:
    forge.rest.post("/orgs/opera/repos", json={"name": "seats"}).raise_for_status()
    forge.rest.patch("/repos/opera/seats", json={"name": "places"}).raise_for_status()
    forge.rest.patch("/repos/opera/places", json={"archived": True}).raise_for_status()
    forge.rest.delete("/repos/opera/places").raise_for_status()
    told = [told.json for told in hooks.wait_for("repository", 4)]
    assert [one["action"] for one in told] == ["created", "renamed", "archived", "deleted"]
    assert told[1]["changes"]["repository"]["name"]["from"] == "seats"
    assert {one["organization"]["login"] for one in told} == {"opera"}


def test_a_repository_s_own_hook_is_pinged_and_hears_only_what_it_asked_for(
    forge: ServedForge, git: Git, shop: str, hooks: HookReceiver
) -> None:
    body = {"config": {"url": f"{hooks.url}/own", "secret": "own"}, "events": ["push"]}
    hook = forge.rest.post(f"/repos/{shop}/hooks", json=body).json()
    assert hook["config"]["secret"] == "********"
    ping = hooks.wait_for("ping")[0]
    assert ping.json["hook_id"] == hook["id"]
    git("tag", "v1")
    git.commit({"README.md": "x\n"})
    git("push", "--quiet", "origin", "main", "v1")
    hooks.wait_for("push", 5)
    own = [told for told in hooks.told if told.path == "/hook/own"]
    assert [told.event for told in own] == ["ping", "push", "push"]
    assert all(told.signed_with("own") for told in own)
    forge.rest.delete(f"/repos/{shop}/hooks/{hook['id']}").raise_for_status()
    assert forge.rest.get(f"/repos/{shop}/hooks").json() == []


def test_an_organisation_s_hook_hears_of_its_repositories(forge: ServedForge, hooks: HookReceiver) -> None:
    body = {"config": {"url": f"{hooks.url}/org"}, "events": ["*"]}
    forge.rest.post("/orgs/opera/hooks", json=body).raise_for_status()
    forge.rest.post("/orgs/opera/repos", json={"name": "seats"}).raise_for_status()
    forge.rest.post("/orgs/ballet/repos", json={"name": "shoes"}).raise_for_status()
    hooks.wait_for("repository", 3)
    heard = [told for told in hooks.told if told.path == "/hook/org" and told.event == "repository"]
    assert [told.json["repository"]["full_name"] for told in heard] == ["opera/seats"]
    assert "x-hub-signature-256" not in heard[0].headers


def test_deliveries_are_remembered_and_can_be_sent_again(forge: ServedForge, hooks: HookReceiver) -> None:
    hooks.answer = lambda _: 500 if len(hooks.told) == 1 else 202
    forge.rest.post("/user/repos", json={"name": "shop"}).raise_for_status()
    first = hooks.wait_for("repository")[0]
    hook = forge.rest.get("/admin/hooks").json()[0]["id"]
    deliveries = f"/admin/hooks/{hook}/deliveries"
    remembered = eventually(forge, deliveries, 1)
    assert (remembered[0]["status_code"], remembered[0]["redelivery"]) == (500, False)
    whole = forge.rest.get(f"{deliveries}/{remembered[0]['id']}").json()
    assert whole["request"]["payload"] == first.json
    assert forge.rest.post(f"{deliveries}/{remembered[0]['id']}/attempts").status_code == 202
    again = hooks.wait_for("repository", 2)[1]
    assert again.body == first.body
    assert again.headers["x-github-delivery"] == first.headers["x-github-delivery"]
    assert eventually(forge, deliveries, 2)[0]["redelivery"] is True


def test_a_hook_that_nobody_answers_is_remembered_and_holds_up_no_other(
    forge: ServedForge, hooks: HookReceiver
) -> None:
    dead = forge.rest.post("/admin/hooks", json={"config": {"url": "http://127.0.0.1:9/"}}).json()
    deliveries = eventually(forge, f"/admin/hooks/{dead['id']}/deliveries", 1)
    assert (deliveries[0]["event"], deliveries[0]["status_code"]) == ("ping", 0)
    forge.rest.post("/user/repos", json={"name": "shop"}).raise_for_status()
    assert hooks.wait_for("repository")


@pytest.mark.parametrize("url", ["", "ftp://x", "file:///etc/passwd", "javascript:alert(1)"])
def test_a_hook_needs_a_web_address(forge: ServedForge, url: str) -> None:
    assert forge.rest.post("/admin/hooks", json={"config": {"url": url}}).status_code == 422


def eventually(forge: ServedForge, path: str, count: int) -> list[dict[str, object]]:
    """Ask until a list is long enough, a bounded number of times; each answer takes some milliseconds."""
    for _ in range(2000):
        found: list[dict[str, object]] = forge.rest.get(path).json()
        if len(found) >= count:
            return found
    raise TimeoutError(path)
