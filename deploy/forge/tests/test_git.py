"""The real git program against a real forge."""

import gzip
import os
import subprocess
from pathlib import Path

import pytest
from sipario_forge.packets import packet
from sipario_forge.testing import Git, HookReceiver, ServedForge, served


def clone(git: Git, url: str, *options: str) -> Git:
    """Clone into a folder of its own."""
    target = git.folder.parent / f"clone-{len(list(git.folder.parent.iterdir()))}"
    git("clone", "--quiet", *options, url, str(target))
    return Git(target)


def fsck(git: Git) -> None:
    """Let git itself judge every repository on disk."""
    for folder in (git.folder.parent / "data" / "repositories").iterdir():
        Git(folder)("fsck", "--strict", "--full", "--no-dangling")


@pytest.mark.parametrize("version", ["0", "1", "2"])
@pytest.mark.parametrize("ending", ["", ".git"])
def test_a_pushed_repository_is_cloned_equal(
    forge: ServedForge, git: Git, shop: str, *, version: str, ending: str
) -> None:
    copy = clone(git, f"{forge.url}/{shop}{ending}", "--config", f"protocol.version={version}")
    assert copy.says("rev-parse", "HEAD") == git.says("rev-parse", "HEAD")
    assert (copy.folder / "docs/index.md").read_text() == "Hello\n"
    assert copy.says("symbolic-ref", "HEAD") == "refs/heads/main"
    fsck(git)


def test_a_shallow_clone_has_one_commit_and_can_be_deepened_and_completed(
    forge: ServedForge, git: Git, shop: str
) -> None:
    for number in range(6):
        git.commit({"README.md": f"# Shop {number}\n"})
    git("push", "--quiet", "origin", "main")
    copy = clone(git, f"{forge.url}/{shop}", "--depth", "1")
    assert copy.says("rev-list", "--count", "HEAD") == "1"
    copy("fetch", "--quiet", "--depth", "3")
    assert copy.says("rev-list", "--count", "origin/main") == "3"
    copy("fetch", "--quiet", "--deepen", "2")
    assert copy.says("rev-list", "--count", "origin/main") == "5"
    git.commit({"docs/new.md": "more\n"})
    git("push", "--quiet", "origin", "main")
    copy("pull", "--quiet")
    assert copy.says("rev-list", "--count", "HEAD") == "6"
    copy("fetch", "--quiet", "--unshallow")
    assert copy.says("rev-list", "--count", "origin/main") == "8"
    copy("fsck", "--strict", "--full")


def test_one_exact_commit_can_be_fetched(forge: ServedForge, git: Git, shop: str) -> None:
    first = git.says("rev-parse", "HEAD")
    git.commit({"README.md": "later\n"})
    git("push", "--quiet", "origin", "main")
    other = Git(git.folder.parent / "other")
    other.folder.mkdir()
    other("init", "--quiet")
    other("fetch", "--quiet", "--depth", "1", f"{forge.url}/{shop}", first)
    assert other.says("rev-parse", "FETCH_HEAD") == first
    assert other.says("show", "FETCH_HEAD:README.md") == "# Shop"


def test_a_fetch_takes_only_what_is_new(forge: ServedForge, git: Git, shop: str) -> None:
    copy = clone(git, f"{forge.url}/{shop}", "--config", "fetch.unpackLimit=100")
    git.commit({"docs/a.md": "a\n"})
    git("push", "--quiet", "origin", "main")
    copy("pull", "--quiet", "--no-tags")
    assert copy.says("count-objects").startswith("4 objects")
    assert copy.says("rev-parse", "HEAD") == git.says("rev-parse", "HEAD")


def test_branches_and_tags_come_and_go(forge: ServedForge, git: Git, shop: str) -> None:
    git("checkout", "--quiet", "-b", "feature/search")
    git.commit({"search.md": "find\n"})
    git("tag", "--annotate", "v1", "--message", "first release")
    git("push", "--quiet", "origin", "feature/search", "v1")
    listed = git.says("ls-remote", "origin")
    assert "refs/heads/feature/search" in listed
    assert f"{git.says('rev-parse', 'v1')}\trefs/tags/v1" in listed
    assert f"{git.says('rev-parse', 'v1^{}')}\trefs/tags/v1^{{}}" in listed
    copy = clone(git, f"{forge.url}/{shop}")
    assert copy.says("describe", "--always", "v1") == "v1"
    git("push", "--quiet", "origin", ":feature/search", ":v1")
    assert git.says("ls-remote", "origin").count("refs/") == 1


@pytest.mark.usefixtures("forge", "shop")
def test_a_rewritten_branch_needs_force(git: Git, hooks: HookReceiver) -> None:
    before = git.says("rev-parse", "HEAD")
    git("commit", "--quiet", "--amend", "--message", "rewritten")
    refused = git("push", "--quiet", "origin", "main", check=False)
    assert refused.returncode != 0
    git("push", "--quiet", "--force", "origin", "main")
    last = hooks.wait_for("push", 2)[-1].json
    assert (last["before"], last["forced"]) == (before, True)
    assert len(last["commits"]) == 1


def test_a_push_that_lost_the_race_changes_nothing(forge: ServedForge, git: Git, shop: str) -> None:
    copy = clone(git, forge.remote(shop))
    winner = git.commit({"README.md": "mine\n"})
    copy.commit({"README.md": "theirs\n"})
    git("push", "--quiet", "origin", "main")
    stale = copy("push", "--force-with-lease=main", "origin", "main", check=False)
    assert stale.returncode != 0
    assert forge.rest.get(f"/repos/{shop}/branches/main").json()["commit"]["sha"] == winner
    fsck(git)


@pytest.mark.usefixtures("forge", "shop")
def test_an_atomic_push_moves_all_refs_or_none(git: Git) -> None:
    git.commit({"README.md": "next\n"})
    refused = git("push", "--atomic", "origin", "main", "HEAD:refs/pull/1/head", check=False)
    assert refused.returncode != 0
    assert "funny refname" in refused.stderr
    assert "refs/pull" not in git.says("ls-remote", "origin")
    assert git.says("ls-remote", "origin", "main").split()[0] == git.says("rev-parse", "HEAD^")


@pytest.mark.usefixtures("forge", "shop")
def test_the_default_branch_cannot_be_deleted(git: Git) -> None:
    refused = git("push", "origin", ":main", check=False)
    assert "refusing to delete the current branch" in refused.stderr


def test_head_follows_the_first_push(forge: ServedForge, git: Git) -> None:
    forge.rest.post("/user/repos", json={"name": "old"}).raise_for_status()
    git.commit({"a": "a"})
    git("push", "--quiet", forge.remote("ada/old"), "main:trunk")
    assert forge.rest.get("/repos/ada/old").json()["default_branch"] == "trunk"
    assert clone(git, f"{forge.url}/ada/old").says("symbolic-ref", "HEAD") == "refs/heads/trunk"


def test_a_clone_of_an_empty_repository_is_empty_and_on_main(forge: ServedForge, git: Git) -> None:
    forge.rest.post("/user/repos", json={"name": "empty"}).raise_for_status()
    copy = clone(git, f"{forge.url}/ada/empty")
    assert copy.says("symbolic-ref", "HEAD") == "refs/heads/main"


def test_a_large_push_arrives_chunked_and_whole(forge: ServedForge, git: Git, shop: str) -> None:
    for number in range(12):
        (git.folder / f"blob-{number}").write_bytes(os.urandom(700_000))
    git.commit({})
    git("-c", "http.postBuffer=65536", "push", "--quiet", "origin", "main")
    copy = clone(git, f"{forge.url}/{shop}")
    assert copy.says("rev-parse", "HEAD^{tree}") == git.says("rev-parse", "HEAD^{tree}")
    copy("fsck", "--full")
    fsck(git)


def test_a_fetch_with_many_haves_is_sent_gzipped_and_understood(
    forge: ServedForge, git: Git, shop: str
) -> None:
    copy = clone(git, f"{forge.url}/{shop}")
    for number in range(200):
        copy("commit", "--quiet", "--allow-empty", "--message", f"local {number}")
    tip = git.commit({"README.md": "ours\n"})
    git("push", "--quiet", "origin", "main")
    copy("fetch", "--quiet")
    assert copy.says("rev-parse", "origin/main") == tip


def test_a_push_needs_the_token_and_a_private_repository_does_for_reading_too(
    forge: ServedForge, git: Git, shop: str
) -> None:
    git.commit({"README.md": "x\n"})
    assert git("push", f"{forge.url}/{shop}", "main", check=False).returncode != 0
    wrong = forge.url.replace("://", "://ada:wrong@")
    assert git("push", f"{wrong}/{shop}", "main", check=False).returncode != 0
    forge.rest.patch(f"/repos/{shop}", json={"private": True}).raise_for_status()
    assert git("ls-remote", f"{forge.url}/{shop}", check=False).returncode != 0
    assert "main" in git.says("ls-remote", forge.remote(shop))
    bearer = "http.extraHeader=Authorization: Bearer a-token-for-tests"
    assert "main" in git.says("-c", bearer, "ls-remote", f"{forge.url}/{shop}")


def test_an_archived_repository_is_read_only(forge: ServedForge, git: Git, shop: str) -> None:
    forge.rest.patch(f"/repos/{shop}", json={"archived": True}).raise_for_status()
    git.commit({"README.md": "x\n"})
    assert git("push", "origin", "main", check=False).returncode != 0
    assert "main" in git.says("ls-remote", f"{forge.url}/{shop}")


def test_a_renamed_repository_is_found_by_both_names(
    forge: ServedForge,
    git: Git,
    shop: str,
) -> None:
    forge.rest.patch(f"/repos/{shop}", json={"name": "store"}).raise_for_status()
    git.commit({"README.md": "x\n"})
    git("push", "--quiet", "origin", "main")
    assert clone(git, f"{forge.url}/ada/store").says("rev-parse", "HEAD") == git.says("rev-parse", "HEAD")


def test_a_merge_history_with_renames_and_modes_survives_the_way_there_and_back(
    forge: ServedForge, git: Git, shop: str
) -> None:
    git("checkout", "--quiet", "-b", "side")
    git("mv", "docs", "pages")
    (git.folder / "run.sh").write_text("#!/bin/sh\n")
    (git.folder / "run.sh").chmod(0o755)
    (git.folder / "link").symlink_to("README.md")
    git.commit({})
    git("checkout", "--quiet", "main")
    git.commit({"README.md": "main moved on\n"})
    git("merge", "--quiet", "--no-edit", "side")
    git("push", "--quiet", "origin", "main", "side")
    copy = clone(git, f"{forge.url}/{shop}")
    assert copy.says("rev-parse", "HEAD^{tree}") == git.says("rev-parse", "HEAD^{tree}")
    copy("fsck", "--full", "--strict")


def test_an_unfinished_pack_is_refused_and_leaves_nothing(forge: ServedForge, git: Git, shop: str) -> None:
    head, next_one = git.says("rev-parse", "HEAD"), git.commit({"README.md": "half\n"})
    command = f"{head} {next_one} refs/heads/main\0report-status\n".encode()
    pack = subprocess.run(
        ["git", "pack-objects", "--revs", "--stdout"],
        cwd=git.folder, input=f"{next_one}\n^{head}\n".encode(), capture_output=True, check=True,
    ).stdout  # fmt: skip
    for broken in (pack[:-30], pack[:40] + b"xxxx" + pack[44:], b"PACK", b""):
        answer = push(forge, shop, packet(command) + b"0000" + broken)
        assert b"unpack ok" not in answer
        assert b"ng refs/heads/main" in answer
    assert forge.rest.get(f"/repos/{shop}/branches/main").json()["commit"]["sha"] == head
    git("push", "--quiet", "origin", "main")
    [folder] = (git.folder.parent / "data" / "repositories").iterdir()
    assert not list(folder.glob("objects/tmp*"))
    fsck(git)


def test_a_pack_that_leaves_out_a_file_is_refused(forge: ServedForge, git: Git, shop: str) -> None:
    head, next_one = git.says("rev-parse", "HEAD"), git.commit({"README.md": "without its blob\n"})
    wanted = f"{next_one}\n{git.says('rev-parse', 'HEAD^{tree}')}\n".encode()
    pack = subprocess.run(
        ["git", "pack-objects", "--stdout"], cwd=git.folder, input=wanted, capture_output=True, check=True
    ).stdout
    command = f"{head} {next_one} refs/heads/main\0report-status\n".encode()
    assert b"missing object" in push(forge, shop, packet(command) + b"0000" + pack)
    assert forge.rest.get(f"/repos/{shop}/branches/main").json()["commit"]["sha"] == head
    fsck(git)


@pytest.mark.parametrize(
    "body", [b"", b"0000", b"zzzz", b"0005", b"0009hello", b"ffff", b"0012command=nothing"]
)
@pytest.mark.parametrize("service", ["git-upload-pack", "git-receive-pack"])
def test_nonsense_is_answered_without_a_fault(
    forge: ServedForge, shop: str, *, body: bytes, service: str
) -> None:
    for version in ("version=0", "version=2"):
        headers = {"content-type": f"application/x-{service}-request", "git-protocol": version}
        answer = forge.rest.post(f"/{shop}/{service}", content=body, headers=headers)
        assert answer.status_code < 500


def test_a_push_that_is_too_large_is_refused(git: Git, tmp_path: Path) -> None:
    with served(tmp_path / "small", most_push_bytes=100_000) as forge:
        forge.rest.post("/user/repos", json={"name": "shop"}).raise_for_status()
        (git.folder / "big").write_bytes(os.urandom(300_000))
        git.commit({})
        assert git("push", "--quiet", forge.remote("ada/shop"), "main", check=False).returncode != 0
        zeros = gzip.compress(bytes(50_000_000))
        headers = {"content-type": "application/x-git-receive-pack-request", "content-encoding": "gzip"}
        refused = forge.rest.post("/ada/shop/git-receive-pack", content=zeros, headers=headers)
        assert refused.status_code == 413
        assert git.says("ls-remote", f"{forge.url}/ada/shop") == ""


def push(forge: ServedForge, shop: str, body: bytes) -> bytes:
    """Push made-up bytes."""
    headers = {"content-type": "application/x-git-receive-pack-request"}
    return forge.rest.post(f"/{shop}.git/git-receive-pack", content=body, headers=headers).content
