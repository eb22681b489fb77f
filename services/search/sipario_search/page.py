"""Keeps the sections of a page in step with the page, whatever arrives late, twice or at the same time."""

from collections.abc import Iterator
from dataclasses import dataclass

from sipario_events import PageBuilt

from sipario_search.document import Written, page_id, section_gone, section_written


@dataclass(frozen=True)
class Head:
    """What the index remembers of a page as a whole.

    `sections` are those of that version; `slots` counts the section documents that were ever written, so that a later
    version knows which to wipe.
    """

    version: int = 0
    sections: int = 0
    slots: int = 0


def page_written(event: PageBuilt, head: Head) -> Iterator[Written]:
    """Yield what is to be written of a page, its head first: a crash behind it leaves nothing unknown.

    An older event writes no section. Where it has more of them than the head knows of, a forerunner of the newer
    version may have been writing them at this very time, so those are marked as gone since the newer.
    """
    sections = 0 if event.gone else len(event.sections)
    slots = max(head.slots, sections)
    if event.version < head.version:
        for number in range(head.slots, slots):
            yield section_gone(event, number, head.version)
        return
    mark = {"sections": sections, "slots": slots}
    yield Written(page_id(event), event.version, {"gone": event.gone, "mark": mark})
    for number in range(slots):
        yield section_written(event, number)
