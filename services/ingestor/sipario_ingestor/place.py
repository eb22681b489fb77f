"""Where files were read from, said as locations and links."""

from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Protocol

from sipario_model.annotations import EDIT_URL, MANAGED_BY_LOCATION, SOURCE_LOCATION, VIEW_URL
from sipario_scm import Host


class Place(Protocol):
    """A tree's address: turns its paths into locations and annotations."""

    def location(self, path: str) -> str:
        """Return a file's location ref."""
        ...

    def annotations(self, path: str) -> dict[str, str]:
        """Return what an entity says of the file it was read from."""
        ...


@dataclass(frozen=True, slots=True)
class GitPlace:
    """A repository of a host at a branch."""

    host: Host
    repository: str
    ref: str

    def location(self, path: str) -> str:
        """Return `url:` and the page that shows the file."""
        return f"url:{self.host.view(self.repository, self.ref, path)}"

    def annotations(self, path: str) -> dict[str, str]:
        """Return location, folder, page and edit page; no edit page for a fixed commit."""
        folder = str(PurePosixPath(path).parent)
        inside = "" if folder == "." else f"{folder}/"
        found = {
            MANAGED_BY_LOCATION: self.location(path),
            SOURCE_LOCATION: f"url:{self.host.tree(self.repository, self.ref, inside)}",
        }
        if self.host.type != "git":
            found[VIEW_URL] = self.host.view(self.repository, self.ref, path)
        if self.host.type != "git" and len(self.ref) < 40:
            found[EDIT_URL] = self.host.edit(self.repository, self.ref, path)
        return found


@dataclass(frozen=True, slots=True)
class FolderPlace:
    """A folder on this machine; only static configuration leads here."""

    folder: str

    def location(self, path: str) -> str:
        """Return `file:` and the path."""
        return f"file:{self.folder}/{path}"

    def annotations(self, path: str) -> dict[str, str]:
        """Return location and folder; there is no page to show."""
        location = self.location(path)
        return {MANAGED_BY_LOCATION: location, SOURCE_LOCATION: f"{location.rpartition('/')[0]}/"}


@dataclass(frozen=True, slots=True)
class UrlPlace:
    """A single address, where something would stand."""

    url: str

    def location(self, path: str) -> str:
        """Return `url:` and the address."""
        del path
        return f"url:{self.url}"

    def annotations(self, path: str) -> dict[str, str]:
        """Return the location only: what else is around it is not known."""
        return {MANAGED_BY_LOCATION: self.location(path)}
