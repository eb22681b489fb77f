"""Where the docs of an entity are kept: which repository, branch and folder its annotations mean."""

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sipario_model.annotations import MANAGED_BY_LOCATION, TECHDOCS_REF
from sipario_scm.hosts import Host, Hosts

from sipario_techdocs.mkdocs import SiteError


@dataclass(frozen=True, slots=True)
class Origin:
    """A folder of a repository, by the web address by which events know it. An empty branch is the default one."""

    host: Host
    repository: str
    branch: str
    folder: str

    @property
    def clone(self) -> str:
        """Where Git fetches it from."""
        return self.host.clone_url(self.repository)

    def edit_base(self, branch: str) -> str:
        """Return the address under which the folder's files are edited; empty when the host has no such pages."""
        marker = "-page-"
        folder = f"{self.folder}/" if self.folder else ""
        before, found, after = self.host.edit(self.repository, branch, folder + marker).partition(marker)
        return before if found and not after else ""


def has_docs(entity: Mapping[str, Any]) -> bool:
    """Tell whether an entity says that it has docs."""
    return bool(_annotations(entity).get(TECHDOCS_REF))


def origin_of(entity: Mapping[str, Any], location: str, hosts: Hosts) -> Origin:
    """Follow the annotations of an entity that has docs; raises `SiteError` when they lead to no known repository."""
    annotations = _annotations(entity)
    kind, _, target = str(annotations.get(TECHDOCS_REF, "")).partition(":")
    if kind == "dir":
        at = str(annotations.get(MANAGED_BY_LOCATION) or location)
        return _beside(_repository(at.removeprefix("url:"), hosts), target.strip())
    if kind == "url":
        return _repository(target.strip(), hosts)
    raise SiteError(f"{TECHDOCS_REF} must be dir:<path> or url:<address>, not {kind}:{target}"[:300])


def _beside(file: Origin, target: str) -> Origin:
    if target.startswith("/") or "\\" in target:
        raise SiteError(f"{TECHDOCS_REF}: dir:{target} must be relative to the folder of the catalog file")
    folder = posixpath.join(posixpath.dirname(file.folder), target or ".")
    return Origin(file.host, file.repository, file.branch, _within(folder, f"{TECHDOCS_REF}: dir:{target}"))


def _repository(url: str, hosts: Hosts) -> Origin:
    found = hosts.parse(url)
    if found is None:
        raise SiteError(
            f"docs are not read from {url[:300]}: it is no address of a repository at a host of the configuration"
        )
    host, target = found
    return Origin(
        host, target.repository, "" if target.ref == "HEAD" else target.ref, _within(target.path, url)
    )


def _within(folder: str, what: str) -> str:
    normal = posixpath.normpath(folder or ".")
    if normal.startswith(".."):
        raise SiteError(f"{what[:300]} is outside of the repository")
    return "" if normal == "." else normal


def _annotations(entity: Mapping[str, Any]) -> Mapping[str, Any]:
    metadata = entity.get("metadata")
    annotations = metadata.get("annotations") if isinstance(metadata, Mapping) else None
    return annotations if isinstance(annotations, Mapping) else {}
