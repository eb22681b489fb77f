"""The plugin of the guide is installed as it stands there, and does what the guide says; every point is documented."""

import importlib
import re
import subprocess
import sys
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from sipario_ingestor.configuration import Configuration
from sipario_ingestor.pipeline import Pipeline
from sipario_ingestor.placeholders import built_in
from sipario_ingestor.reader import Reader, Request
from sipario_ingestor.source import Address, Source
from sipario_model import LocationRef, check
from sipario_plugin import Answer, Extensions, Loaded, Processor, Surroundings, load
from sipario_scm import Mirrors, SafeFetcher

BLOCK = re.compile(r'^```\w+ title="([\w.]+)"\n(.*?)^```$', re.MULTILINE | re.DOTALL)
ENTITIES = """\
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: till, title: TILL, description: {$shout: ./words}}
spec: {type: service, lifecycle: production, owner: team-a}
---
apiVersion: backstage.io/v1alpha1
kind: API
metadata: {name: sales}
spec: {type: openapi, lifecycle: production, owner: team-a, definition: {$openapi: ./api.yaml}}
"""


@pytest.fixture(scope="module")
def guide(root: Path) -> str:
    return (root / "docs" / "guide" / "plugins.md").read_text()


@pytest.fixture
def loaded(guide: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Loaded:
    """Lay the guide's package out as an installer does, and load all that are installed."""
    files = dict(BLOCK.findall(guide))
    (tmp_path / "shout.py").write_text(files["shout.py"])
    meta = tmp_path / "shout-0.1.0.dist-info"
    meta.mkdir()
    (meta / "METADATA").write_text("Metadata-Version: 2.1\nName: shout\nVersion: 0.1.0\n")
    group = files["pyproject.toml"].partition('[project.entry-points."sipario.plugins"]\n')[2]
    line = group.splitlines()[0].replace('"', "")
    (meta / "entry_points.txt").write_text(f"[sipario.plugins]\n{line}\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    return load(extensions=built_in())


def test_the_plugin_does_what_the_guide_says(loaded: Loaded, tmp_path: Path) -> None:
    assert not loaded.failed
    assert loaded.plugins["shout"] == "0.1.0"
    assert {"codeowners", "openapi"} < loaded.plugins.keys()
    folder = tmp_path / "repository"
    folder.mkdir()
    for name, text in {
        "catalog-info.yaml": ENTITIES,
        "LOUD": "very\n",
        "words": "hear me",
        "api.yaml": "openapi: 3.0.3\ninfo: {$ref: 'info.yaml'}\n",
        "info.yaml": "title: Sales\n",
    }.items():
        (folder / name).write_text(text)
    entities = read(folder, loaded.extensions, tmp_path)
    till, sales = entities["component:default/till"], entities["api:default/sales"]
    assert till.entity["metadata"]["labels"] == {"loud": "very"}
    assert till.entity["metadata"]["description"] == "HEAR ME"
    assert [each.message for each in till.status] == ["shout: its title shouts"]
    assert sales.entity["spec"]["definition"] == "openapi: 3.0.3\ninfo:\n  title: Sales\n"


def read(folder: Path, extensions: Extensions, scratch: Path) -> Any:
    """Read a folder as the ingestor does."""
    configuration = Configuration.of({})
    pipeline = Pipeline(extensions)
    reader = Reader(Mirrors(scratch / "mirrors"), configuration, SafeFetcher(()), pipeline)
    try:
        source = Source(Address(f"file:{folder}/catalog-info.yaml", path=f"{folder}/catalog-info.yaml"))
        return reader.read(Request(source, (LocationRef("file", str(folder)),))).entities
    finally:
        pipeline.close()


def test_the_plugins_module_stands_alone(guide: str, tmp_path: Path) -> None:
    (tmp_path / "shout.py").write_text(dict(BLOCK.findall(guide))["shout.py"])
    command = "import shout, sys; print([each for each in sys.modules if each.startswith('sipario_ing')])"
    found = subprocess.run(
        [sys.executable, "-c", command], cwd=tmp_path, capture_output=True, text=True, check=True, timeout=60
    )
    assert found.stdout.strip() == "[]"


def test_the_provider_of_the_guide_gives_people_and_says_what_its_entry_lacks(
    guide: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "staff.py").write_text(dict(BLOCK.findall(guide))["staff.py"])
    monkeypatch.syspath_prepend(str(tmp_path))
    portal = Extensions()
    importlib.import_module("staff").register(portal)
    make = dict(portal.providers)["staffOrg"]
    people = b'[{"login": "ada", "teams": ["lights"]}]'
    surroundings = Surroundings(lambda url, **_: Answer(url, 200, body=people))
    provider = make("main", {"target": "https://staff.example/people"}, surroundings)
    assert provider is not None
    (found,) = provider.read()
    assert found.entity is not None
    assert (found.location, check(dict(found.entity))) == ("staff:main/ada", [])
    with pytest.raises(ValueError, match="target: the address"):
        make("main", {}, surroundings)


def test_every_extension_point_and_hook_is_in_the_guide(guide: str) -> None:
    for point in fields(Extensions):
        assert f"portal.{point.name}.add(" in guide
    for hook in fields(Processor):
        assert f"`{hook.name}(" in guide
