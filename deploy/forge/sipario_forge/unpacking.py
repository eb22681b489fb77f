"""Taking in the objects of a push: few as loose files, many as a pack; none when one of theirs is missing."""

import struct
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from itertools import chain
from pathlib import Path

from dulwich.errors import ApplyDeltaError, ChecksumMismatch, GitProtocolError, ObjectFormatException
from dulwich.object_store import DiskObjectStore
from dulwich.objects import Commit, ObjectID, ShaFile, Tag, Tree
from dulwich.pack import Pack, PackData, PackInflater

from sipario_forge.history import GITLINK

_MOST_LOOSE = 200
_MOST_LOOSE_BYTES = 2 * 1024 * 1024
_HEADER = struct.Struct(">4sLL")
_BROKEN = (
    OSError, ChecksumMismatch, ApplyDeltaError, AssertionError, zlib.error, ObjectFormatException,
    KeyError, ValueError, EOFError, GitProtocolError, struct.error,
)  # fmt: skip

Read = Callable[[int], bytes]


@dataclass(frozen=True)
class Incoming:
    """A pack on its way: `read` gives exactly so many bytes, `receive` at most so many; `size` bounds both."""

    read: Read
    receive: Read
    size: int

    def into(self, store: DiskObjectStore) -> str:
        """Take the pack in, and say what is wrong with it when it was not; then the store is as before."""
        try:
            head = self.read(_HEADER.size)
            _, _, count = _HEADER.unpack(head)
            if count <= _MOST_LOOSE and self.size <= _MOST_LOOSE_BYTES:
                missing = _take_loose(
                    store, head + b"".join(iter(lambda: self.receive(_MOST_LOOSE_BYTES), b""))
                )
            else:
                missing = _take_pack(store, *_starting_with(head, self.read, self.receive))
        except _BROKEN as error:
            for leftover in Path(store.path).glob("tmp_pack_*"):
                leftover.unlink(missing_ok=True)
            return f"{type(error).__name__}: {error}".replace("\n", " ")[:300]
        return f"missing object {missing.decode()}" if missing else ""


def _starting_with(head: bytes, *readers: Read) -> list[Read]:
    """Return readers that first give, once between them, bytes which were read already."""
    first = BytesIO(head)

    def again(read: Read, size: int) -> bytes:
        start = first.read(size)
        return start + (read(size - len(start)) if len(start) < size else b"")

    return [partial(again, read) for read in readers]


def _take_loose(store: DiskObjectStore, pack: bytes) -> ObjectID | None:
    """Write a small pack's objects one by one: a pack for each push would make every later lookup slower."""
    with PackData.from_file(BytesIO(pack), store.object_format) as data:
        data.check()
        found = list(PackInflater.for_pack_data(data, resolve_ext_ref=store.get_raw))
    missing = _missing(store, found, known={one.id for one in found})
    for one in found if missing is None else ():
        store.add_object(one)
    return missing


def _take_pack(store: DiskObjectStore, read: Read, receive: Read) -> ObjectID | None:
    before = {pack.name() for pack in store.packs}
    pack = store.add_thin_pack(read, receive)
    if pack.name() in before:
        return None
    missing = _missing(store, pack.iterobjects(), known=set())
    if missing is not None:
        _drop(pack)
    return missing


def _drop(pack: Pack) -> None:
    name = pack._basename  # noqa: SLF001 - dulwich tells the path of a pack nowhere else
    pack.close()
    for suffix in (".idx", ".pack"):
        Path(name + suffix).unlink(missing_ok=True)


def _missing(store: DiskObjectStore, objects: Iterable[ShaFile], *, known: set[ObjectID]) -> ObjectID | None:
    """Return the first object that these refer to and that is nowhere."""
    seen = set(known)
    for sha in chain.from_iterable(map(_references, objects)):
        if sha not in seen and sha not in store:
            return sha
        seen.add(sha)
    return None


def _references(found: ShaFile) -> Iterable[ObjectID]:
    if isinstance(found, Commit):
        return [found.tree, *found.parents]
    if isinstance(found, Tag):
        return [found.object[1]]
    if isinstance(found, Tree):
        return [entry.sha for entry in found.iteritems() if entry.mode != GITLINK]
    return []
