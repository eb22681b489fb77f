"""One entry of a directory."""

import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_BESIDE = re.compile(r"\s*(?<!\\)([,=+])\s*")


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry with its bytes; names of its attributes are in lower case."""

    dn: str
    attributes: Mapping[str, Sequence[bytes]]

    def texts(self, name: str) -> list[str]:
        """Return the values of an attribute as text, without those that are none; `dn` is the entry's name."""
        lowered = name.lower()
        if lowered == "dn" or (
            lowered in ("entrydn", "distinguishedname") and lowered not in self.attributes
        ):
            return [self.dn]
        texts = (_text(lowered, value) for value in self.attributes.get(lowered, ()))
        return [text for text in texts if text]

    def text(self, name: str) -> str:
        """Return the first value of an attribute; empty without one."""
        return next(iter(self.texts(name)), "") if name else ""


def likeness(text: str) -> str:
    """Return what two ways to write the same name, or id, have in common: neither case nor spaces count."""
    return _BESIDE.sub(r"\1", text.strip()).casefold()


def _text(name: str, value: bytes) -> str:
    """Read a value; Active Directory has ids in bytes."""
    if name == "objectguid" and len(value) == 16:
        return str(uuid.UUID(bytes_le=value))
    if name == "objectsid" and len(value) >= 8 and len(value) == 8 + 4 * value[1]:
        return _security_id(value)
    try:
        return value.decode()
    except UnicodeDecodeError:
        return ""


def _security_id(value: bytes) -> str:
    """Write a security id as Windows does: S-1-5-21-…; its parts are little-endian, its authority is not."""
    authority = int.from_bytes(value[2:8], "big")
    parts = (int.from_bytes(value[at : at + 4], "little") for at in range(8, len(value), 4))
    return "-".join(["S", str(value[0]), str(authority), *map(str, parts)])
