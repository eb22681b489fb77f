"""Uids: names of entities that no human reads."""

from hashlib import sha1
from uuid import NAMESPACE_URL


def uid_of(ref: str) -> str:
    """Name an entity for ever: the same ref has the same uid in every installation of every version."""
    # What uuid5 does, without its objects: this runs for every entity of every event.
    digest = bytearray(sha1(NAMESPACE_URL.bytes + ref.encode(), usedforsecurity=False).digest()[:16])
    digest[6] = digest[6] & 0x0F | 0x50
    digest[8] = digest[8] & 0x3F | 0x80
    text = digest.hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
