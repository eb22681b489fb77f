"""The mirrors of one service: one a repository, and only as long as somebody wants it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from sipario_scm import Host, Hosts, Mirrors

Make = Callable[..., Any]


def _host(tmp_path: Path) -> Host:
    hosts = Hosts.of_integrations({"git": [{"host": "local", "baseUrl": f"file://{tmp_path}"}]})
    host = hosts.of(f"file://{tmp_path}/x.git")
    assert host is not None
    return host


def test_a_repository_has_one_mirror_whoever_asks(origin: Make, tmp_path: Path) -> None:
    here = origin()
    mirrors, host = Mirrors(tmp_path / "mirrors"), _host(tmp_path)
    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(lambda _: mirrors.of(host, here.url), range(64)))
    assert len(found) == 1
    mirrors.close()


def test_what_is_discarded_is_read_anew(origin: Make, tmp_path: Path) -> None:
    here = origin()
    sha = here.commit({"a": b"1"})
    mirrors, host = Mirrors(tmp_path / "mirrors"), _host(tmp_path)
    mirrors.of(host, here.url).read().close()
    mirrors.discard(host, here.url)
    assert not list((tmp_path / "mirrors").iterdir())
    with mirrors.of(host, here.url).read() as tree:
        assert tree.commit.sha == sha
    mirrors.close()


def test_only_wanted_and_young_mirrors_are_kept(origin: Make, tmp_path: Path) -> None:
    wanted, left = origin("wanted"), origin("left")
    data, host = tmp_path / "mirrors", _host(tmp_path)
    before = Mirrors(data)
    for each in (wanted, left):
        each.commit({"a": b"1"})
        before.of(host, each.url).read().close()
    before.close()

    mirrors = Mirrors(data)
    kept = mirrors.of(host, wanted.url)
    assert mirrors.keep_only([kept.url]) == 0
    assert mirrors.keep_only([kept.url], older_than=0) == 1
    assert sorted(path.suffix for path in data.iterdir()) == [".git", ".lock"]
    assert kept.folder.exists()
    with mirrors.of(host, left.url).read() as tree:
        assert tree.read("a") == b"1"
    mirrors.close()
