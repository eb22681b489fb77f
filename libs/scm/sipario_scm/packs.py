"""How much may be fetched of a repository, and what a pack declares of its objects before any is unpacked."""

import zlib
from dataclasses import dataclass
from typing import IO

from sipario_scm.errors import RepositoryTooLarge

PACK_BYTES = 2 << 30
OBJECT_BYTES = 512 << 20
OBJECT_BYTES_HERE = 64 << 20

_CHUNK = 1 << 16
_DELTA_BY_OFFSET, _DELTA_BY_NAME = 6, 7
_NAME_BYTES = 20
_SIZES_BYTES = 20


class PackBroken(ValueError):
    """These bytes are no pack."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Bytes: of one fetch as it is sent, of the largest file in any version, and of one that we unpack in memory."""

    pack: int = PACK_BYTES
    object: int = OBJECT_BYTES
    here: int = OBJECT_BYTES_HERE

    def refuse_pack(self, size: int) -> None:
        """Raise RepositoryTooLarge when a fetch has become too large."""
        if size > self.pack:
            raise RepositoryTooLarge(
                f"the repository sends more than {_megabytes(self.pack)}, which is the limit (MOST_FETCH_BYTES):"
                " make it smaller, or raise it"
            )

    def refuse_object(self, size: int, limit: int) -> None:
        """Raise RepositoryTooLarge when an object is larger than a limit."""
        if size > limit:
            raise RepositoryTooLarge(
                f"the repository holds a file of {_megabytes(size)}, be it in an old version;"
                f" at most {_megabytes(limit)} are read"
            )


USUAL = Limits()


def largest(pack: IO[bytes], enough: int) -> int:
    """Return the size of the largest object of a pack; ends at the first above `enough`. Raises PackBroken.

    The sizes are those that the pack declares, of deltas that of their results: nothing is kept in memory.
    """
    header = pack.read(12)
    if header[:4] != b"PACK":
        raise PackBroken("it does not begin as a pack does")
    found = 0
    for _ in range(int.from_bytes(header[8:], "big")):
        try:
            found = max(found, _size(pack))
        except zlib.error as error:
            raise PackBroken(str(error)) from error
        if found > enough:
            break
    return found


def _size(pack: IO[bytes]) -> int:
    """Return the size of the object at hand, and go to the next one."""
    kind, size = _header(pack)
    if kind == _DELTA_BY_OFFSET:
        while _byte(pack) & 0x80:
            pass
    elif kind == _DELTA_BY_NAME:
        pack.read(_NAME_BYTES)
    beginning = _passed(pack, size)
    if kind in (_DELTA_BY_OFFSET, _DELTA_BY_NAME):
        source, rest = _number(beginning)
        return max(size, source, _number(rest)[0])
    return size


def _header(pack: IO[bytes]) -> tuple[int, int]:
    byte = _byte(pack)
    kind, size, shift = (byte >> 4) & 7, byte & 15, 4
    while byte & 0x80:
        byte = _byte(pack)
        size |= (byte & 0x7F) << shift
        shift += 7
    return kind, size


def _passed(pack: IO[bytes], size: int) -> bytes:
    """Read over the packed bytes of an object; returns how its content begins."""
    inflating, beginning, seen = zlib.decompressobj(), b"", 0
    while not inflating.eof:
        data = inflating.unconsumed_tail or pack.read(_CHUNK)
        if not data:
            raise PackBroken("it ends in the middle")
        content = inflating.decompress(data, _CHUNK)
        beginning = beginning or content[:_SIZES_BYTES]
        seen += len(content)
        if seen > size:
            raise PackBroken("an object is larger than it says")
    pack.seek(-len(inflating.unused_data), 1)
    return beginning


def _number(data: bytes) -> tuple[int, bytes]:
    value = shift = 0
    for index, byte in enumerate(data):
        value |= (byte & 0x7F) << shift
        shift += 7
        if not byte & 0x80:
            return value, data[index + 1 :]
    return value, b""


def _byte(pack: IO[bytes]) -> int:
    data = pack.read(1)
    if not data:
        raise PackBroken("it ends in the middle")
    return data[0]


def _megabytes(size: int) -> str:
    return f"{size / (1 << 20):,.0f} MiB"
