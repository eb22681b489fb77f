"""A forge that is killed at any moment comes back with whole repositories."""

import os
import random
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest
from sipario_forge import AlreadyRunning, Forge
from sipario_forge.testing import TOKEN, USER, Git


@contextmanager
def started(data: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run a forge in a process of its own; gives it and its URL."""
    environment = os.environ | {"FORGE_DATA": str(data), "FORGE_TOKEN": TOKEN, "FORGE_USER": USER}
    command = [sys.executable, "-m", "sipario_forge"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield process, process.stdout.readline().strip()
        finally:
            process.kill()


def pushing(git: Git, remote: str, done: threading.Event, accepted: list[str]) -> None:
    """Push one commit after another until told to stop or refused."""
    while not done.is_set():
        sha = git.commit({"README.md": os.urandom(2000).hex(), f"f{random.random()}": "x"})
        if git("push", "--quiet", remote, "main", check=False).returncode != 0:
            return
        accepted.append(sha)


def test_kills_during_pushes_leave_what_git_accepts(git: Git, tmp_path: Path) -> None:
    data, accepted, chance = tmp_path / "data", list[str](), random.Random(7)
    for round_ in range(6):
        with started(data) as (process, url):
            remote = f"{url.replace('://', f'://{USER}:{TOKEN}@')}/{USER}/shop.git"
            if round_ == 0:
                headers = {"Authorization": f"token {TOKEN}"}
                httpx2.post(f"{url}/user/repos", json={"name": "shop"}, headers=headers).raise_for_status()
            else:
                assert (
                    git.says("ls-remote", remote, "main").split()[0] in git.says("rev-list", "HEAD").split()
                )
                assert (
                    not accepted or git("merge-base", "--is-ancestor", accepted[-1], "HEAD").returncode == 0
                )
            done = threading.Event()
            thread = threading.Thread(target=pushing, args=(git, remote, done, accepted))
            thread.start()
            killer = threading.Timer(chance.uniform(0.05, 0.9), process.send_signal, [signal.SIGKILL])
            killer.start()
            process.wait(timeout=60)
            done.set()
            thread.join()
    with started(data) as (_, url):
        copy = Git(tmp_path / "copy")
        git("push", "--quiet", f"{url.replace('://', f'://{USER}:{TOKEN}@')}/{USER}/shop.git", "main")
        git("clone", "--quiet", f"{url}/{USER}/shop", str(copy.folder))
        copy("fsck", "--strict", "--full")
        assert set(accepted) <= set(copy.says("rev-list", "HEAD").split())
    [folder] = (data / "repositories").iterdir()
    Git(folder)("fsck", "--strict", "--full", "--no-dangling")
    assert accepted


def test_locks_and_half_packs_of_a_killed_forge_are_cleared(tmp_path: Path) -> None:
    data = tmp_path / "data"
    forge = Forge(data, USER, TOKEN, url="http://127.0.0.1:1")
    folder = forge.host.registry.create(USER, "shop").folder
    forge.close()
    home = data / "repositories" / folder
    left = [home / "refs/heads/main.lock", home / "HEAD.lock", home / "objects/pack/pack-1.pack"]
    left += [home / "objects/tmp_pack_x", data / "repositories/making-it.git"]
    for leftover in left:
        leftover.write_text("")
    left[-1].unlink()
    left[-1].mkdir()
    Forge(data, USER, TOKEN, url="http://127.0.0.1:1").close()
    assert not [leftover for leftover in left if leftover.exists()]


def test_a_second_forge_on_the_same_data_says_so(tmp_path: Path) -> None:
    forge = Forge(tmp_path, USER, TOKEN, url="http://127.0.0.1:1")
    with pytest.raises(AlreadyRunning, match="another forge is running"):
        Forge(tmp_path, USER, TOKEN, url="http://127.0.0.1:1")
    forge.close()
