"""The REST subset, asked by a client over HTTP."""

import base64

import pytest
from sipario_forge.testing import Git, HookReceiver, ServedForge


def test_it_also_answers_below_the_prefix_of_github_enterprise(forge: ServedForge, shop: str) -> None:
    assert forge.rest.get(f"/api/v3/repos/{shop}").json() == forge.rest.get(f"/repos/{shop}").json()
    assert forge.rest.get("/api/v3/user").json()["login"] == "ada"


def test_who_may_do_what(forge: ServedForge, shop: str) -> None:
    forge.rest.post("/user/repos", json={"name": "secret", "private": True}).raise_for_status()
    anonymous = forge.anonymous
    assert anonymous.get(f"/repos/{shop}").status_code == 200
    assert anonymous.get("/repos/ada/secret").status_code == 404
    assert anonymous.get("/user").status_code == 401
    assert anonymous.post("/user/repos", json={"name": "x"}).json() == {"message": "Requires authentication"}
    assert anonymous.delete(f"/repos/{shop}").status_code == 401
    assert anonymous.get(f"/repos/{shop}/hooks").status_code == 401
    assert [one["name"] for one in anonymous.get("/users/ada/repos").json()] == ["shop"]
    wrong = anonymous.get(f"/repos/{shop}", headers={"Authorization": "token wrong"})
    assert (wrong.status_code, wrong.json()) == (401, {"message": "Bad credentials"})


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "a b", "x.git", "ä", "a" * 101, "a\0b", "a\n"])
def test_a_name_that_git_or_a_path_could_trip_over_is_refused(forge: ServedForge, name: str) -> None:
    assert forge.rest.post("/user/repos", json={"name": name}).status_code == 422


def test_a_name_can_be_taken_once(forge: ServedForge) -> None:
    assert forge.rest.post("/user/repos", json={"name": "Shop"}).status_code == 201
    again = forge.rest.post("/user/repos", content=b'{"name": "shop"}')
    assert again.status_code == 422
    assert "already exists" in again.json()["message"]


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"name": 5}'])
def test_a_bad_body_is_the_client_s_fault(forge: ServedForge, body: bytes) -> None:
    answer = forge.rest.post("/user/repos", content=body)
    assert answer.status_code in {400, 422}
    assert answer.json()["message"]


def test_lists_come_in_pages_with_links(forge: ServedForge) -> None:
    for number in range(5):
        forge.rest.post("/orgs/opera/repos", json={"name": f"r{number}"}).raise_for_status()
    first = forge.rest.get("/orgs/opera/repos?per_page=2")
    assert set(first.links) == {"next", "last"}
    second = forge.rest.get(first.links["next"]["url"])
    last = forge.rest.get(first.links["last"]["url"])
    assert set(second.links) == {"prev", "next", "last", "first"}
    assert set(last.links) == {"prev", "first"}
    assert [one["name"] for page in (first, second, last) for one in page.json()] == [
        f"r{n}" for n in range(5)
    ]


def test_what_did_not_change_is_not_sent_again(forge: ServedForge, shop: str) -> None:
    first = forge.rest.get(f"/repos/{shop}")
    again = forge.rest.get(f"/repos/{shop}", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_files_are_read_at_a_branch_a_tag_and_a_commit(forge: ServedForge, git: Git, shop: str) -> None:
    head = git.says("rev-parse", "HEAD")
    for ref in ("main", "refs/heads/main", head, head[:9], "HEAD"):
        file = forge.rest.get(f"/repos/{shop}/contents/docs/index.md", params={"ref": ref}).json()
        assert base64.b64decode(file["content"]) == b"Hello\n"
    assert (file["type"], file["path"], file["size"]) == ("file", "docs/index.md", 6)
    assert forge.rest.get(file["download_url"]).content == b"Hello\n"
    listed = forge.rest.get(f"/repos/{shop}/contents/").json()
    assert [(one["name"], one["type"]) for one in listed] == [("README.md", "file"), ("docs", "dir")]
    raw = forge.rest.get(
        f"/repos/{shop}/contents/README.md", headers={"Accept": "application/vnd.github.raw+json"}
    )
    assert raw.content == b"# Shop\n"
    assert forge.rest.get(f"/repos/{shop}/contents/none").status_code == 404
    assert forge.rest.get(f"/repos/{shop}/contents/README.md?ref=none").status_code == 404


def test_a_file_is_created_changed_and_deleted_by_commits(
    forge: ServedForge, git: Git, shop: str, hooks: HookReceiver
) -> None:
    url, encoded = f"/repos/{shop}/contents/a/b/c.txt", base64.b64encode(b"one").decode()
    made = forge.rest.put(
        url, json={"message": "add", "content": encoded, "author": {"name": "Eve", "email": "e@x"}}
    )
    assert made.status_code == 201
    assert forge.rest.put(url, json={"message": "again", "content": encoded}).status_code == 422
    assert forge.rest.put(url, json={"message": "x", "content": encoded, "sha": "0" * 40}).status_code == 409
    sha = made.json()["content"]["sha"]
    changed = forge.rest.put(url, json={"message": "change", "content": "dHdv", "sha": sha})
    assert changed.status_code == 200
    body = {"message": "remove", "sha": changed.json()["content"]["sha"]}
    assert forge.rest.request("DELETE", url, json=body).json()["content"] is None
    git("pull", "--quiet", "origin", "main")
    assert git.says("log", "--format=%s %an").splitlines()[:3] == ["remove ada", "change ada", "add Eve"]
    assert not (git.folder / "a").exists()
    last = hooks.wait_for("push", 4)[-1].json
    assert last["commits"][0]["removed"] == ["a/b/c.txt"]
    git("fsck", "--strict", "--full")


def test_a_first_file_makes_the_branch(forge: ServedForge) -> None:
    forge.rest.post("/user/repos", json={"name": "new"}).raise_for_status()
    assert forge.rest.get("/repos/ada/new/commits").status_code == 409
    made = forge.rest.put("/repos/ada/new/contents/a", json={"message": "first", "content": "YQ=="})
    assert made.status_code == 201
    assert forge.rest.get("/repos/ada/new/commits").json()[0]["commit"]["message"] == "first"
    forge.rest.post("/user/repos", json={"name": "ready", "auto_init": True}).raise_for_status()
    assert forge.rest.get("/repos/ada/ready/contents/README.md").status_code == 200


def test_trees_commits_and_refs(forge: ServedForge, git: Git, shop: str) -> None:
    head = git.says("rev-parse", "HEAD")
    tree = forge.rest.get(f"/repos/{shop}/git/trees/main?recursive=1").json()
    assert [(one["path"], one["type"]) for one in tree["tree"]] == [
        ("README.md", "blob"), ("docs", "tree"), ("docs/index.md", "blob"),
    ]  # fmt: skip
    assert not tree["truncated"]
    commit = forge.rest.get(f"/repos/{shop}/commits/{head}").json()
    assert [one["filename"] for one in commit["files"]] == ["README.md", "docs/index.md"]
    assert forge.rest.get(f"/repos/{shop}/commits?path=docs").json()[0]["sha"] == head
    made = forge.rest.post(f"/repos/{shop}/git/refs", json={"ref": "refs/heads/f/x", "sha": head})
    assert (made.status_code, made.json()["object"]["sha"]) == (201, head)
    assert forge.rest.get(f"/repos/{shop}/branches/f/x").json()["commit"]["sha"] == head
    assert len(forge.rest.get(f"/repos/{shop}/git/matching-refs/heads").json()) == 2
    assert forge.rest.delete(f"/repos/{shop}/git/refs/heads/f/x").status_code == 204
    assert forge.rest.delete(f"/repos/{shop}/git/refs/heads/main").status_code == 422
    assert [one["name"] for one in forge.rest.get(f"/repos/{shop}/branches").json()] == ["main"]


def propose(forge: ServedForge, git: Git, files: dict[str, str]) -> str:
    """Push a branch with a commit and open a pull request; returns its path."""
    git("checkout", "--quiet", "-b", "change")
    git.commit(files, "proposed")
    git("push", "--quiet", "origin", "change")
    git("checkout", "--quiet", "main")
    body = {"title": "Change it", "head": "ada:change", "base": "main", "body": "please"}
    made = forge.rest.post("/repos/ada/shop/pulls", json=body)
    assert made.status_code == 201, made.text
    return f"/repos/ada/shop/pulls/{made.json()['number']}"


@pytest.mark.parametrize(("method", "parents"), [("merge", 2), ("squash", 1), ("rebase", 1)])
@pytest.mark.usefixtures("shop")
def test_a_pull_request_is_merged(
    forge: ServedForge, git: Git, hooks: HookReceiver, *, method: str, parents: int
) -> None:
    pull = propose(forge, git, {"README.md": "# Shop\n\nproposed\n", "new": "n\n"})
    git.commit({"other": "main moved on\n"})
    git("push", "--quiet", "origin", "main")
    shown = forge.rest.get(pull).json()
    assert (shown["mergeable"], shown["commits"], shown["changed_files"]) == (True, 1, 2)
    merged = forge.rest.put(f"{pull}/merge", json={"merge_method": method})
    assert merged.json()["merged"]
    after = forge.rest.get(pull).json()
    assert (after["state"], after["merged"]) == ("closed", True)
    git("pull", "--quiet", "origin", "main")
    assert git.says("rev-parse", "HEAD") == merged.json()["sha"] == after["merge_commit_sha"]
    assert len(git.says("log", "-1", "--format=%P").split()) == parents
    assert (git.folder / "new").exists()
    assert (git.folder / "other").exists()
    told = [told.json["action"] for told in hooks.wait_for("pull_request", 2)]
    assert told == ["opened", "closed"]
    assert hooks.of("pull_request")[1].json["pull_request"]["merged"]
    assert forge.rest.put(f"{pull}/merge").status_code == 405
    git("fsck", "--strict", "--full")


def test_a_pull_request_that_conflicts_is_not_merged(forge: ServedForge, git: Git, shop: str) -> None:
    pull = propose(forge, git, {"README.md": "# Theirs\n"})
    ours = git.commit({"README.md": "# Ours\n"})
    git("push", "--quiet", "origin", "main")
    assert forge.rest.get(pull).json()["mergeable"] is False
    refused = forge.rest.put(f"{pull}/merge")
    assert (refused.status_code, refused.json()["message"]) == (409, "Merge conflict in README.md")
    assert forge.rest.get(f"/repos/{shop}/branches/main").json()["commit"]["sha"] == ours


def test_a_pull_request_follows_its_branch(
    forge: ServedForge, git: Git, shop: str, hooks: HookReceiver
) -> None:
    pull = propose(forge, git, {"new": "n\n"})
    assert forge.rest.post(
        "/repos/ada/shop/pulls", json={"title": "again", "head": "change", "base": "main"}
    ).is_error
    git("checkout", "--quiet", "change")
    tip = git.commit({"new": "m\n"})
    git("push", "--quiet", "origin", "change")
    assert forge.rest.get(pull).json()["head"]["sha"] == tip
    assert forge.rest.put(f"{pull}/merge", json={"sha": "0" * 40}).status_code == 409
    forge.rest.patch(pull, json={"title": "Better", "state": "closed"}).raise_for_status()
    assert forge.rest.get(f"/repos/{shop}/pulls").json() == []
    forge.rest.patch(pull, json={"state": "open"}).raise_for_status()
    git("push", "--quiet", "origin", "change:main")
    assert forge.rest.get(pull).json()["merged"] is True
    told = [told.json["action"] for told in hooks.wait_for("pull_request", 6)]
    assert told == ["opened", "synchronize", "edited", "closed", "reopened", "closed"]


@pytest.mark.parametrize(
    "path",
    [
        "/ada/shop/raw/main/../../../forge.sqlite", "/ada/shop/raw/main/%2e%2e/%2e%2e/forge.sqlite",
        "/ada/shop/raw/main/..%2f..%2fforge.sqlite", "/ada/shop/blob/main/%00", "/ada/%2e%2e/raw/main/x",
        "/repos/ada/shop/contents/%2e%2e/%2e%2e/forge.sqlite", "/repos/ada/shop/contents/.git/config",
        "/%2e%2e/%2e%2e/info/refs?service=git-upload-pack", "/ada/shop/objects/info/packs", "/ada/shop/config",
    ],
)  # fmt: skip
@pytest.mark.usefixtures("shop")
def test_no_path_leads_out_of_a_repository(forge: ServedForge, path: str) -> None:
    assert forge.rest.get(path).status_code in {401, 404}


def test_pages_show_text_as_text(forge: ServedForge, git: Git, shop: str) -> None:
    git("checkout", "--quiet", "-b", "f/x")
    git.commit({"x.html": "<script>alert(1)</script>\n"}, "<b>bold</b>")
    git("push", "--quiet", "origin", "f/x")
    pages = ("blob/f/x/x.html", "tree/f/x", "raw/f/x/x.html", "commit/f/x", "edit/f/x/x.html", "")
    for page in pages:
        answer = forge.rest.get(f"/{shop}/{page}".rstrip("/"), follow_redirects=True)
        assert answer.status_code == 200, page
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["x-content-type-options"] == "nosniff"
        if answer.headers["content-type"].startswith("text/html"):
            assert "<script>" not in answer.text
            assert "<b>" not in answer.text
    assert forge.rest.get(f"/{shop}/raw/f/x/x.html").headers["content-type"].startswith("text/plain")


def test_a_name_bound_to_this_machine_by_somebody_else_is_refused(forge: ServedForge, shop: str) -> None:
    assert forge.rest.get(f"/repos/{shop}", headers={"Host": "evil.example"}).status_code == 421


def test_a_deleted_repository_is_gone_everywhere(forge: ServedForge, git: Git, shop: str) -> None:
    assert forge.rest.delete(f"/repos/{shop}").status_code == 204
    assert forge.rest.get(f"/repos/{shop}").status_code == 404
    assert git("ls-remote", "origin", check=False).returncode != 0
    assert not list((git.folder.parent / "data" / "repositories").iterdir())
