"""`sipario import-backstage`: takes over what a running Backstage has, through its API."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sipario_model.annotations import MANAGED_BY_ORIGIN_LOCATION
from sipario_model.writing import write
from sipario_scm import Hosts
from sipario_scm.layout import LAYOUTS

from sipario.asking import Portal, Refused
from sipario.data import DataError

PAGE = 500
CONFLICT = 409
COMPUTED = ("relations", "status")
ROOT = "catalog-info.yaml"
PEOPLE = ("user", "group")
FILES = (".yaml", ".yml", ".json")
# What a catalog writes into an entity by itself, and would write again.
OURS = ("backstage.io/managed-by-", "backstage.io/orphan", "backstage.io/view-url", "backstage.io/edit-url")


@dataclass
class Imported:
    """What was registered, what was there already, what was refused and why, and which files were written."""

    registered: list[str] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    written: int = 0
    folder: Path | None = None

    def told(self) -> str:
        """Say it, with what is left to do."""
        lines = [f"{len(self.registered)} locations are registered, {len(self.known)} were already."]
        lines += [f"{target}: {reason}" for target, reason in self.refused.items()]
        if self.folder:
            lines.append(
                f"{self.written} entities that no repository declares are in {self.folder}: "
                "push that folder to a repository, and register it."
            )
        return "\n".join(lines)


def import_backstage(there: Portal, here: Portal, out: Path) -> Imported:
    """Register the locations of all entities that come from URLs; write the other entities to a new folder."""
    if out.exists():
        raise DataError(f"{out} is there already; name another folder with --out.")
    imported = Imported()
    targets, others = _sorted(there)
    for target in targets:
        _register(here, target, imported)
    if others:
        _write(out, others, imported)
    return imported


def _sorted(there: Portal) -> tuple[list[str], list[Mapping[str, Any]]]:
    """Part what URLs lead to from what only a provider or a file of that machine knows.

    A provider of a Git host's people says of each the page where the host shows them, which is a URL too.
    """
    locations = [each["data"] for each in there.get("/api/catalog/locations")]
    targets = {each["target"] for each in locations if each["type"] == "url"}
    others, pages = [], []
    for entity in _entities(there):
        annotations = entity["metadata"].get("annotations") or {}
        type_, _, target = annotations.get(MANAGED_BY_ORIGIN_LOCATION, "").partition(":")
        if type_ == "url" and entity["kind"].lower() in PEOPLE and not _is_file(target):
            pages.append((target, entity))
        elif type_ == "url":
            targets.add(target)
        elif not _is_generated(entity):
            others.append(entity)
    others += [entity for target, entity in pages if target not in targets]
    return sorted(targets), others


def _is_file(url: str) -> bool:
    """Tell whether a file is at a URL, as any kind of host spells it; a provider gives people the page of theirs."""
    try:
        parts = urlsplit(url)
        host = {"host": parts.netloc, "baseUrl": f"{parts.scheme}://{parts.netloc}"}
        read = (each.parse(url) for each in Hosts.of_integrations({type_: [host] for type_ in LAYOUTS}))
        return parts.path.endswith(FILES) or any(found and found.path for found in read)
    except ValueError:
        return False


def _entities(there: Portal) -> Iterator[Mapping[str, Any]]:
    params: dict[str, Any] = {"limit": PAGE, "orderField": "metadata.uid,asc"}
    while True:
        page = there.get("/api/catalog/entities/by-query", params)
        yield from page["items"]
        cursor = page["pageInfo"].get("nextCursor")
        if not cursor:
            return
        params = {"limit": PAGE, "cursor": cursor}


def _is_generated(entity: Mapping[str, Any]) -> bool:
    name = str(entity["metadata"]["name"])
    return entity["kind"] == "Location" and name.startswith("generated-")


def _register(here: Portal, target: str, imported: Imported) -> None:
    try:
        here.post("/api/catalog/locations", {"type": "url", "target": target})
    except Refused as error:
        if error.status == CONFLICT:
            imported.known.append(target)
        else:
            imported.refused[target] = str(error)
    else:
        imported.registered.append(target)


def _write(out: Path, entities: list[Mapping[str, Any]], imported: Imported) -> None:
    by_kind: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for entity in entities:
        by_kind[entity["kind"].lower()].append(_declared(entity))
    out.mkdir(parents=True)
    for kind, found in by_kind.items():
        (out / f"{kind}.yaml").write_text(write(found), encoding="utf-8")
    spec = {"targets": [f"./{kind}.yaml" for kind in sorted(by_kind)]}
    root = {
        "apiVersion": "backstage.io/v1alpha1",
        "kind": "Location",
        "metadata": {"name": "imported-from-backstage"},
        "spec": spec,
    }
    (out / ROOT).write_text(write([root]), encoding="utf-8")
    imported.written, imported.folder = len(entities), out


def _declared(entity: Mapping[str, Any]) -> Mapping[str, Any]:
    """Leave out what a catalog computes."""
    metadata = {key: value for key, value in entity["metadata"].items() if key not in ("uid", "etag")}
    annotations = {
        name: value
        for name, value in (metadata.pop("annotations", None) or {}).items()
        if not name.startswith(OURS)
    }
    if annotations:
        metadata["annotations"] = annotations
    kept = {key: value for key, value in entity.items() if key not in COMPUTED}
    return {**kept, "metadata": metadata}
