"""Locations: `<type>:<target>` texts that say where something is read from."""

from dataclasses import dataclass
from typing import Self

from sipario_model.urls import is_script


class LocationError(ValueError):
    """A text that is no location ref; the message repeats it and says what would be."""


@dataclass(frozen=True, slots=True, order=True)
class LocationRef:
    """A type such as `url` or `file`, and the target of that type."""

    type: str
    target: str

    def __str__(self) -> str:
        return f"{self.type}:{self.target}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `<type>:<target>`; LocationError for bare web addresses, script URLs and empty parts."""
        type_, _, target = (part.strip() for part in text.partition(":"))
        if not type_ or not target:
            expected = "expected '<type>:<target>', e.g. 'url:https://host/path'"
            raise LocationError(f"Unable to parse location ref '{text}', {expected}")
        if type_ in ("http", "https"):
            raise LocationError(
                f"Invalid location ref '{text}', please prefix it with 'url:', e.g. 'url:{text}'"
            )
        if is_script(target):
            raise LocationError(f"Invalid location ref '{text}', target is a javascript: URL")
        return cls(type_, target)
