"""A served forge, a receiver of hooks and a git client, made anew for each test."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr
from sipario_forge import SystemHook
from sipario_forge.testing import Git, HookReceiver, ServedForge, receiving_hooks, served


@pytest.fixture
def hooks() -> Iterator[HookReceiver]:
    with receiving_hooks() as receiver:
        yield receiver


@pytest.fixture
def forge(tmp_path: Path, hooks: HookReceiver) -> Iterator[ServedForge]:
    everywhere = SystemHook(url=hooks.url, secret=SecretStr("of the forge"))
    with served(tmp_path / "data", (everywhere,)) as running:
        yield running


@pytest.fixture
def git(tmp_path: Path) -> Git:
    if shutil.which("git") is None:
        pytest.skip("there is no git program on this machine")
    folder = tmp_path / "work"
    folder.mkdir()
    client = Git(folder)
    client("init", "--quiet", "--initial-branch=main")
    return client


@pytest.fixture
def shop(forge: ServedForge, git: Git) -> str:
    """A repository with one commit on main, pushed by git, whose working copy is `git`'s folder."""
    forge.rest.post("/user/repos", json={"name": "shop"}).raise_for_status()
    git.commit({"README.md": "# Shop\n", "docs/index.md": "Hello\n"}, "first")
    git("remote", "add", "origin", forge.remote("ada/shop"))
    git("push", "--quiet", "origin", "main")
    return "ada/shop"
