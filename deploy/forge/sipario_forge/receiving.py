"""Taking a push: the pack whole or not at all, then each ref only if it is still where the client saw it."""

import struct
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from dulwich.errors import ApplyDeltaError, ChecksumMismatch, GitProtocolError, ObjectFormatException
from dulwich.object_store import DiskObjectStore
from dulwich.objects import Commit, ObjectID, ShaFile, Tag, Tree
from dulwich.pack import Pack
from dulwich.protocol import CAPABILITY_ATOMIC, ReceivableProtocol
from dulwich.refs import Ref, check_ref_format
from dulwich.repo import Repo
from dulwich.server import BackendRepo, DictBackend, ReceivePackHandler

ZERO = ObjectID(b"0" * 40)
_GITLINK = 0o160000
_BROKEN_PACK = (
    OSError, ChecksumMismatch, ApplyDeltaError, AssertionError, zlib.error, ObjectFormatException,
    KeyError, ValueError, EOFError, GitProtocolError, struct.error,
)  # fmt: skip


@dataclass(frozen=True)
class Update:
    """A ref that moved: `before` or `after` is ZERO when it was created or deleted."""

    ref: str
    before: ObjectID
    after: ObjectID


def only(repo: BackendRepo) -> DictBackend:
    """Return what dulwich's handlers look repositories up in, with this one at `/`."""
    return DictBackend({"/": repo})


class Receiver(ReceivePackHandler):
    """One push into one repository, whose lock the caller holds."""

    def __init__(self, repo: Repo, proto: ReceivableProtocol, *, advertise_refs: bool = False) -> None:
        super().__init__(only(repo), ["/"], proto, stateless_rpc=True, advertise_refs=advertise_refs)
        self._repo = repo
        self.updates: list[Update] = []

    def _on_pre_receive(self, client_refs: list[tuple[ObjectID, ObjectID, Ref]]) -> None:
        """Run no hook from disk."""

    def _on_post_receive(self, client_refs: list[tuple[ObjectID, ObjectID, Ref]]) -> None:
        self.updates = [Update(ref.decode(), old, new) for old, new, ref in client_refs]

    def _apply_pack(self, refs: list[tuple[ObjectID, ObjectID, Ref]]) -> Iterator[tuple[bytes, bytes]]:
        problem = self._unpack() if any(new != ZERO for _, new, _ in refs) else b""
        yield b"unpack", problem or b"ok"
        verdicts = [(command, (problem and b"unpacker error") or self._verdict(*command)) for command in refs]
        refused = any(verdict for _, verdict in verdicts) and self.has_capability(CAPABILITY_ATOMIC)
        for (old, new, ref), verdict in verdicts:
            yield ref, verdict or (b"atomic push failed" if refused else self._move(old, new, ref))

    def _unpack(self) -> bytes:
        store = self._repo.object_store
        assert isinstance(store, DiskObjectStore)
        before = {pack.name() for pack in store.packs}
        try:
            pack = store.add_thin_pack(self.proto.read, getattr(self.proto, "recv", None))
            return _without(store, pack) if pack and pack.name() not in before else b""
        except _BROKEN_PACK as error:
            for leftover in Path(store.path).glob("tmp_pack_*"):
                leftover.unlink(missing_ok=True)
            return f"{type(error).__name__}: {error}".replace("\n", " ").encode()[:300]

    def _verdict(self, old: ObjectID, new: ObjectID, ref: Ref) -> bytes:
        """Say why a ref may not move so, or nothing."""
        if not ref.startswith((b"refs/heads/", b"refs/tags/", b"refs/notes/")) or not check_ref_format(ref):
            return b"funny refname"
        if (self._repo.refs.read_loose_ref(ref) or self._repo.refs.get_packed_refs().get(ref, ZERO)) != old:
            return b"the ref moved meanwhile: fetch first"
        if new == ZERO:
            deleting_head = self._repo.refs.get_symrefs().get(Ref(b"HEAD")) == ref
            return b"refusing to delete the current branch" if deleting_head else b""
        if new not in self._repo.object_store:
            return b"missing necessary objects"
        wrong = ref.startswith(b"refs/heads/") and not isinstance(self._repo.object_store[new], Commit)
        return b"a branch names a commit" if wrong else b""

    def _move(self, old: ObjectID, new: ObjectID, ref: Ref) -> bytes:
        references = self._repo.refs
        try:
            done = (
                references.remove_if_equals(ref, old)
                if new == ZERO
                else references.set_if_equals(ref, old, new)
            )
        except (OSError, ValueError) as error:
            return f"failed to write: {type(error).__name__}".encode()
        return b"ok" if done else b"failed to write"


def _without(store: DiskObjectStore, pack: Pack) -> bytes:
    """Drop a pack again that refers to objects which are nowhere; returns what is missing."""
    for found in pack.iterobjects():
        for sha in _references(found):
            if sha not in store:
                name = pack._basename  # noqa: SLF001 - dulwich tells the path of a pack nowhere else
                pack.close()
                for suffix in (".idx", ".pack"):
                    Path(name + suffix).unlink(missing_ok=True)
                return b"missing object " + sha
    return b""


def _references(found: ShaFile) -> Iterable[ObjectID]:
    if isinstance(found, Commit):
        return [found.tree, *found.parents]
    if isinstance(found, Tag):
        return [found.object[1]]
    if isinstance(found, Tree):
        return [entry.sha for entry in found.iteritems() if entry.mode != _GITLINK]
    return []
