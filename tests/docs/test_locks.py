"""The lock files pin, with hashes, whatever the members say that they need."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;\\]+)", re.MULTILINE)


def pins(lock: Path) -> dict[str, str]:
    return {canonicalize_name(name): version for name, version in PIN.findall(lock.read_text())}


def needed(root: Path, *, tools: bool) -> list[tuple[str, Requirement]]:
    """What members need; the testkit runs only where the tools are."""
    found: list[tuple[str, Requirement]] = []
    for file in sorted(root.glob("*/*/pyproject.toml")):
        project = tomllib.loads(file.read_text())["project"]
        if project["name"] == "sipario-testkit" and not tools:
            continue
        needs = map(Requirement, project.get("dependencies", ()))
        found += [(project["name"], each) for each in needs if not each.name.startswith("sipario")]
    return found


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_what_members_need_is_pinned(root: Path, name: str) -> None:
    pinned = pins(root / name)
    wrong = [
        f"{member}: {each} ({pinned.get(canonicalize_name(each.name), 'not pinned')})"
        for member, each in needed(root, tools="-dev" in name)
        if not each.specifier.contains(pinned.get(canonicalize_name(each.name), "0"), prereleases=True)
        or canonicalize_name(each.name) not in pinned
    ]
    assert not wrong, f"make {name} anew"


def test_tools_are_pinned(root: Path) -> None:
    pinned = pins(root / "requirements-dev.lock")
    groups = tomllib.loads((root / "pyproject.toml").read_text())["dependency-groups"]
    for each in map(Requirement, groups["dev"]):
        assert each.specifier.contains(pinned.get(canonicalize_name(each.name), "0"), prereleases=True), each


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_every_pin_has_its_hashes(root: Path, name: str) -> None:
    entries = re.split(r"\n(?=\S)", (root / name).read_text().strip())
    bare = [entry.split("\\")[0] for entry in entries if "==" in entry and "--hash=sha256:" not in entry]
    assert not bare


def test_both_locks_agree(root: Path) -> None:
    ours, tools = pins(root / "requirements.lock"), pins(root / "requirements-dev.lock")
    assert {name: version for name, version in ours.items() if tools.get(name) != version} == {}
