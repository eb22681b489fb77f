"""Repositories that are too large, hosts that send nonsense, a disk that is full: a word, and a mirror that stays."""

import io
import os
import resource
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sipario_scm import HostUnavailable, Limits, Mirror, MirrorUnusable, RepositoryTooLarge
from sipario_scm.dulwich_remote import DulwichRemote
from sipario_scm.packs import PackBroken, largest

Make = Callable[..., Any]
TIGHT = Limits(pack=1 << 20, object=8 << 20, here=4 << 20)


@pytest.fixture(params=["git", "no git"])
def _git(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "no git":
        monkeypatch.setenv("PATH", "")


@contextmanager
def _full_disk() -> Iterator[None]:
    """Let nobody in this process, and none that it starts, write more than some bytes into a file."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def _files(mirror: Mirror) -> set[str]:
    return {path.name for path in (mirror.folder / "objects/pack").glob("*")}


@pytest.mark.usefixtures("_git")
def test_a_repository_that_is_too_large_is_refused_and_leaves_nothing(origin: Make, tmp_path: Path) -> None:
    here = origin()
    here.commit({"big.bin": os.urandom(3 << 20)})
    mirror = Mirror.under(tmp_path / "mirrors", here.url, limits=TIGHT)
    for _ in range(2):
        with pytest.raises(RepositoryTooLarge, match="sends more than 1 MiB"):
            mirror.read()
        assert _files(mirror) == set()
    here.commit({"a": b"1"})
    with pytest.raises(RepositoryTooLarge):  # the large file is in its history
        mirror.read()
    here.drop("main")
    here.commit({"a": b"1"})
    with mirror.read() as tree:
        assert tree.read("a") == b"1"


@pytest.mark.usefixtures("_git")
def test_a_push_that_is_too_large_leaves_the_mirror_as_it_was(origin: Make, tmp_path: Path) -> None:
    here = origin()
    first = here.commit({"a": b"1"})
    mirror = Mirror.under(tmp_path / "mirrors", here.url, limits=TIGHT)
    mirror.read().close()
    before = _files(mirror)
    here.commit({"a": b"1", "big.bin": os.urandom(3 << 20)})
    with pytest.raises(RepositoryTooLarge):
        mirror.read()
    assert _files(mirror) == before
    with mirror.at(first) as tree:
        assert tree.read("a") == b"1"


def test_what_was_too_large_is_not_fetched_again(origin: Make, tmp_path: Path) -> None:
    here = origin()
    here.commit({"big.bin": os.urandom(3 << 20)})
    mirror = Mirror.under(tmp_path / "mirrors", here.url, limits=TIGHT)
    with pytest.raises(RepositoryTooLarge) as first:
        mirror.read()
    for path in here.folder.glob("objects/??/*"):
        path.unlink()
    with pytest.raises(RepositoryTooLarge) as second:
        mirror.read()
    assert str(first.value) == str(second.value)


def test_a_large_file_that_packs_well_is_brought_by_git(origin: Make, tmp_path: Path) -> None:
    here = origin()
    here.commit({"a": b"1"})
    mirror = Mirror.under(tmp_path / "mirrors", here.url, limits=TIGHT)
    mirror.read().close()
    here.commit({"a": b"2", "zeros.bin": bytes(6 << 20)})
    with mirror.read() as tree:
        assert tree.read("a") == b"2"


@pytest.mark.usefixtures("_git")
@pytest.mark.parametrize("first", [True, False])
def test_a_file_that_unpacks_to_far_more_is_refused(origin: Make, tmp_path: Path, first: bool) -> None:
    here = origin()
    mirror = Mirror.under(tmp_path / "mirrors", here.url, limits=TIGHT)
    if not first:
        here.commit({"a": b"1"})
        mirror.read().close()
    before = _files(mirror)
    here.commit({"bomb.yaml": bytes(12 << 20)})
    with pytest.raises(RepositoryTooLarge, match="a file of 12 MiB"):
        mirror.read()
    assert _files(mirror) == before


@pytest.mark.usefixtures("_git")
def test_a_full_disk_is_told_and_costs_no_mirror(origin: Make, tmp_path: Path) -> None:
    here = origin()
    first = here.commit({"a": b"1"})
    mirror = Mirror.under(tmp_path / "mirrors", here.url)
    mirror.read().close()
    before = _files(mirror)
    here.commit({"a": b"2", "more.bin": os.urandom(300_000)})
    with _full_disk(), pytest.raises(MirrorUnusable, match="File too large"):
        mirror.read()
    assert _files(mirror) == before
    with mirror.at(first) as tree:
        assert tree.read("a") == b"1"
    with mirror.read() as tree:
        assert tree.read("a") == b"2"


def test_too_many_open_files_cost_no_mirror(origin: Make, tmp_path: Path) -> None:
    here = origin()
    here.commit({"a": b"1"})
    mirror = Mirror.under(tmp_path / "mirrors", here.url)
    mirror.read("main").close()
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (len(list(Path("/proc/self/fd").iterdir())), hard))
    try:
        with pytest.raises(MirrorUnusable, match="open files"):
            mirror.read("main")
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    with mirror.read("main") as tree:
        assert tree.read("a") == b"1"


def test_the_sizes_that_a_pack_declares_are_those_of_its_objects(origin: Make) -> None:
    here = origin()
    text = b"".join(b"%d is a number\n" % number for number in range(20_000))
    for number in range(4):
        here.commit({"a": text + b"%d" % number, "b": b"small"})
    pack = subprocess.run(
        ["git", "--git-dir", here.folder, "pack-objects", "--all", "--stdout", "-q"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=True,
    ).stdout
    assert len(pack) < len(text)
    assert largest(io.BytesIO(pack), 1 << 30) == len(text) + 1
    for end in range(12, len(pack) - 20, 501):
        with pytest.raises(PackBroken):
            largest(io.BytesIO(pack[:end]), 1 << 30)


def test_nonsense_in_place_of_a_pack_is_the_hosts_fault(origin: Make, tmp_path: Path) -> None:
    here = origin()
    here.commit({"a": b"1"})
    mirror = Mirror.under(tmp_path / "mirrors", here.url)
    mirror.read().close()
    remote = DulwichRemote(here.url)
    with pytest.raises(HostUnavailable, match="sent a broken pack"), remote._told():
        largest(io.BytesIO(b"PACK" + bytes(7) + b"\1\0\0\0"), 1)
