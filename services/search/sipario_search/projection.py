"""The two projections that share one index."""

from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar, Generic, TypeVar

from sipario_events import EntityChanged, PageBuilt, SiteBuilt
from sipario_kit.projection import Checkpoint

from sipario_search.document import entity_written, page_id
from sipario_search.page import Head, page_written
from sipario_search.store import Index

Fact = TypeVar("Fact")


class Indexed(Generic[Fact]):
    """Keeps documents of one topic in the index's present life, and while it is rebuilt, in the next one too."""

    name: ClassVar[str]

    def __init__(self, index: Index) -> None:
        self.index = index
        self.life = ""
        self.next = ""

    async def positions(self, generation: str) -> Mapping[str, int]:
        """Read the checkpoint from the index that is there now."""
        self.life = await self.index.present()
        checkpoint = await self.index.checkpoint(self.life, self.name)
        return checkpoint.positions if checkpoint.generation == generation else {}

    async def apply(self, facts: Sequence[Fact], checkpoint: Checkpoint) -> None:
        """Write the newest of each thing, then the place reached."""
        for life in {self.life, self.next} - {""}:
            await self.write(life, facts)
            await self.index.reached(life, self.name, checkpoint)

    async def write(self, life: str, facts: Sequence[Fact]) -> None:
        """Write documents only, into one life of the index."""
        raise NotImplementedError(life, facts)

    async def hand_over(self) -> None:
        """Let the next life know how far this one has come."""
        checkpoint = await self.index.checkpoint(self.life, self.name) if self.life else Checkpoint("")
        if checkpoint.generation:
            await self.index.reached(self.next, self.name, checkpoint)

    def move(self) -> None:
        """Go over to the next life for good."""
        self.life, self.next = self.next, ""


class Entities(Indexed[EntityChanged]):
    """One document an entity."""

    name = "search-entities"

    async def write(self, life: str, facts: Sequence[EntityChanged]) -> None:
        """Write documents only, into one life of the index."""
        newest = {fact.ref: fact for fact in sorted(facts, key=lambda fact: fact.version)}
        await self.index.write(life, [entity_written(fact) for fact in newest.values()])


class Docs(Indexed[PageBuilt | SiteBuilt]):
    """One document a section of a page. What is said of whole sites is said of each of their pages too."""

    name = "search-docs"

    async def write(self, life: str, facts: Sequence[PageBuilt | SiteBuilt]) -> None:
        """Write documents only, into one life of the index.

        A page whose head was refused met a newer version that was written at this very time: it is looked at again.
        """
        pages = dict(newest_pages(facts))
        while pages:
            marks = await self.index.marks(life, list(pages))
            heads = {name: Head(version, **mark) for name, (version, mark) in marks.items()}
            written = [
                each for name, page in pages.items() for each in page_written(page, heads.get(name, Head()))
            ]
            refused = await self.index.write(life, written)
            pages = {
                name: page
                for name, page in pages.items()
                if name in refused and page.version > heads.get(name, Head()).version
            }


def newest_pages(facts: Sequence[PageBuilt | SiteBuilt]) -> Iterator[tuple[str, PageBuilt]]:
    """Yield pages by the id of their head, the older before the newer."""
    pages = [fact for fact in facts if isinstance(fact, PageBuilt)]
    for page in sorted(pages, key=lambda page: page.version):
        yield page_id(page), page
