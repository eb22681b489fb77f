"""Placeholders: an object with the single key `$name` is replaced by what a resolver makes of its text."""

import posixpath
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias
from urllib.parse import urljoin


@dataclass(frozen=True, slots=True)
class Reference:
    """What a placeholder points at: a path beside the entity's file, or a URL.

    `reads` gives the bytes at such an address; what it raises is for the ingestor to tell, so let it pass.
    """

    address: str
    reads: Callable[[str], bytes]

    def read(self) -> bytes:
        """Return the bytes that are pointed at."""
        return self.reads(self.address)

    def beside(self, relative: str) -> "Reference":
        """Return what a relative address, written in the file that is pointed at, points at."""
        if "://" in self.address or "://" in relative:
            return Reference(urljoin(self.address, relative), self.reads)
        joined = posixpath.normpath(posixpath.join(posixpath.dirname(self.address), relative))
        return Reference(joined, self.reads)


Resolver: TypeAlias = Callable[[Reference], Any]
"""Returns what takes the placeholder's place; raises ValueError with the reason when that can't be."""
