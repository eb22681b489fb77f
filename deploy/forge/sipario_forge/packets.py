"""Git's pkt-lines, as bytes: gitprotocol-common."""

from collections.abc import Iterator
from typing import Final

FLUSH: Final = b"0000"
DELIMITER: Final = b"0001"
_MOST_SIDEBAND = 65_515


class Malformed(ValueError):
    """The request's body is not made of pkt-lines."""


def packet(line: bytes) -> bytes:
    """Frame one line with its length in hexadecimal."""
    return b"%04x%s" % (len(line) + 4, line)


def sideband(data: bytes, channel: int = 1) -> Iterator[bytes]:
    """Frame data for one channel of a multiplexed answer, in as many packets as it needs."""
    for start in range(0, len(data), _MOST_SIDEBAND):
        yield packet(bytes((channel,)) + data[start : start + _MOST_SIDEBAND])


def packets(body: bytes) -> Iterator[bytes | None]:
    """Yield the lines of a body without their newline, None for flush and delimiter; raises Malformed."""
    position = 0
    while position < len(body):
        size = _size(body[position : position + 4])
        if size > len(body) - position:
            raise Malformed("a packet is longer than the body")
        yield body[position + 4 : position + size].removesuffix(b"\n") if size >= 4 else None
        position += max(size, 4)


def _size(head: bytes) -> int:
    try:
        size = int(head, 16)
    except ValueError as error:
        raise Malformed(f"{head!r} is no packet length") from error
    if len(head) != 4 or size in {2, 3} or size < 0:
        raise Malformed(f"{head!r} is no packet length")
    return size
