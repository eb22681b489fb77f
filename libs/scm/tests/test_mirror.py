import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sipario_scm import (
    BranchVanished,
    EmptyRepository,
    FileMissing,
    FileRefused,
    HostUnavailable,
    Mirror,
    RepositoryMissing,
)

Make = Callable[..., Any]


def test_reads_files_and_who_committed_them(origin: Make, tmp_path: Path) -> None:
    here = origin()
    sha = here.commit({"catalog-info.yaml": b"kind: Component", "docs/index.md": b"# Hello"})
    with Mirror.under(tmp_path / "mirrors", here.url).read() as tree:
        assert list(tree.files) == ["catalog-info.yaml", "docs/index.md"]
        assert tree.read("docs/index.md") == b"# Hello"
        assert (tree.commit.sha, tree.commit.author, tree.branch) == (sha, "Ada", "main")


def test_sees_what_was_pushed_since(origin: Make, tmp_path: Path) -> None:
    here = origin()
    here.commit({"a": b"1"})
    mirror = Mirror.under(tmp_path / "mirrors", here.url)
    mirror.read().close()
    for number in range(5):
        sha = here.commit({"a": str(number).encode()})
        with mirror.read("main") as tree:
            assert (tree.commit.sha, tree.read("a")) == (sha, str(number).encode())


def test_a_commit_that_was_read_needs_no_host(origin: Make, tmp_path: Path) -> None:
    here = origin()
    sha = here.commit({"a": b"1"})
    mirror = Mirror.under(tmp_path / "mirrors", here.url)
    mirror.read("main").close()
    here.folder.rename(tmp_path / "away.git")
    with mirror.read("main", sha) as tree:
        assert tree.read("a") == b"1"


def test_a_commit_that_nobody_knows_means_the_head(origin: Make, tmp_path: Path) -> None:
    here = origin()
    sha = here.commit({"a": b"1"})
    with Mirror.under(tmp_path / "mirrors", here.url).read("main", "0" * 40) as tree:
        assert tree.commit.sha == sha


def test_a_rewritten_branch_is_followed(origin: Make, tmp_path: Path) -> None:
    here = origin()
    here.commit({"a": b"1"})
    mirror = Mirror.under(tmp_path / "mirrors", here.url)
    mirror.read("main").close()
    here.drop("main")
    sha = here.commit({"b": b"2"})
    with mirror.read("main") as tree:
        assert (tree.commit.sha, list(tree.files)) == (sha, ["b"])


def test_an_empty_repository_says_so(origin: Make, tmp_path: Path) -> None:
    with pytest.raises(EmptyRepository, match="push a first commit"):
        Mirror.under(tmp_path / "mirrors", origin().url).read()


def test_a_branch_that_vanished_says_which_there_are(origin: Make, tmp_path: Path) -> None:
    here = origin()
    here.commit({"a": b"1"})
    with pytest.raises(BranchVanished, match="no branch 'release' any more; it has main"):
        Mirror.under(tmp_path / "mirrors", here.url).read("release")


def test_a_repository_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(RepositoryMissing, match="is not there"):
        Mirror.under(tmp_path / "mirrors", f"file://{tmp_path}/nothing.git").read()


def test_a_host_that_is_down_says_so(tmp_path: Path) -> None:
    with pytest.raises(HostUnavailable, match=r"127\.0\.0\.1:1 does not answer"):
        Mirror.under(tmp_path / "mirrors", "http://127.0.0.1:1/o/r.git").read()


def test_links_submodules_and_large_files_are_refused(origin: Make, tmp_path: Path) -> None:
    here = origin()
    here.commit(
        {
            "link.yaml": (0o120000, b"/etc/passwd"),
            "sub": (0o160000, b"a" * 40),
            "big.yaml": b"x" * 11_000_000,
        }
    )
    with Mirror.under(tmp_path / "mirrors", here.url).read() as tree:
        assert list(tree.files) == ["big.yaml"]
        with pytest.raises(FileRefused, match="symbolic link"):
            tree.read("link.yaml")
        with pytest.raises(FileRefused, match="submodule"):
            tree.read("sub")
        with pytest.raises(FileRefused, match=r"11.0 MB, at most 10 MB"):
            tree.read("big.yaml")
        with pytest.raises(FileMissing):
            tree.read("none.yaml")


@pytest.mark.parametrize("damage", ["truncated pack", "lock left behind", "no objects", "no head"])
def test_a_damaged_mirror_is_made_anew(origin: Make, tmp_path: Path, damage: str) -> None:
    here = origin()
    here.commit({"a": b"1"})
    mirror = Mirror.under(tmp_path / "mirrors", here.url)
    mirror.read("main").close()
    _harm(mirror.folder, damage)
    here.commit({"a": b"2"})
    with mirror.read("main") as tree:
        assert tree.read("a") == b"2"


def test_a_fetch_that_was_killed_is_made_good(origin: Make, tmp_path: Path) -> None:
    here = origin()
    here.commit({f"f{number}": os.urandom(200_000) for number in range(20)})
    code = f"import pathlib, sipario_scm as s; s.Mirror.under(pathlib.Path({str(tmp_path)!r}), {here.url!r}).read()"
    for milliseconds in (300, 450, 600):
        process = subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.DEVNULL)
        try:
            process.wait(milliseconds / 1000)
        except subprocess.TimeoutExpired:
            os.kill(process.pid, signal.SIGKILL)
            process.wait()
        with Mirror.under(tmp_path, here.url).read("main") as tree:
            assert len(tree.files) == 20
            assert len(tree.read("f7")) == 200_000


def test_many_small_fetches_are_packed(origin: Make, tmp_path: Path) -> None:
    here = origin()
    here.commit({"a": b"0"})
    mirror = Mirror.under(tmp_path / "mirrors", here.url)
    mirror.read("main").close()
    for number in range(70):
        here.commit({"a": str(number).encode()})
        mirror.read("main").close()
    assert len(list((mirror.folder / "objects/pack").glob("*.pack"))) < 65
    with mirror.read("main") as tree:
        assert tree.read("a") == b"69"


def test_a_small_push_is_read_quickly(origin: Make, tmp_path: Path) -> None:
    here = origin()
    here.commit({f"d/{number}.md": b"x" * 2000 for number in range(200)})
    mirror = Mirror.under(tmp_path / "mirrors", here.url)
    mirror.read("main").close()
    spent = []
    for number in range(5):
        here.commit({"a": str(number).encode()})
        began = time.process_time()
        with mirror.read("main") as tree:
            tree.read("a")
        spent.append(time.process_time() - began)
    assert min(spent) < 0.1


def _harm(folder: Path, damage: str) -> None:
    if damage == "truncated pack":
        for pack in folder.glob("objects/pack/*.pack"):
            pack.chmod(0o644)
            pack.write_bytes(b"PACK")
    elif damage == "lock left behind":
        ref = next(path for path in (folder / "refs/heads").iterdir())
        ref.with_name(ref.name + ".lock").write_text("")
    elif damage == "no objects":
        for file in sorted((folder / "objects").rglob("*"), reverse=True):
            file.rmdir() if file.is_dir() else file.unlink()
    else:
        (folder / "HEAD").unlink()
