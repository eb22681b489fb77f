"""What techdocs says about documentation."""

from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

from sipario_events.event import VersionedEvent

DOCS = "docs.events.v1"


class Section(BaseModel):
    """A heading of a page with the plain text below it, up to the next heading."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    anchor: str
    title: str
    text: str


class PageBuilt(VersionedEvent):
    """One page of an entity's documentation now reads so, or is gone.

    `path` is relative to the site (`guide/start/`).
    """

    topic: ClassVar[str] = DOCS

    type: Literal["page"] = "page"
    ref: str
    path: str
    title: str = ""
    sections: tuple[Section, ...] = ()
    etag: str = ""

    def key(self) -> str:
        """Keep all that happens to one entity's docs in order."""
        return self.ref

    def identity(self) -> str:
        """Count versions for each page on its own."""
        return f"{self.ref}#{self.path}"


class SiteBuilt(VersionedEvent):
    """An entity's documentation was built from a commit, failed to build, or is gone.

    `error` is empty when it was built; otherwise it tells what to mend, and the last good build is still served.
    `changed` are the pages that differ from the build before, and `etag` names all that is served.
    """

    topic: ClassVar[str] = DOCS

    type: Literal["site"] = "site"
    ref: str
    pages: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    error: str = ""
    etag: str = ""

    def key(self) -> str:
        """Keep all that happens to one entity's docs in order."""
        return self.ref


DocsEvent = Annotated[PageBuilt | SiteBuilt, Field(discriminator="type")]
