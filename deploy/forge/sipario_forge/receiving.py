"""Taking a push: the pack whole or not at all, then each ref only if it is still where the client saw it."""

from collections.abc import Iterator
from dataclasses import dataclass

from dulwich.object_store import DiskObjectStore
from dulwich.objects import Commit, ObjectID
from dulwich.protocol import CAPABILITY_ATOMIC, ReceivableProtocol
from dulwich.refs import Ref, check_ref_format
from dulwich.repo import Repo
from dulwich.server import BackendRepo, DictBackend, ReceivePackHandler

from sipario_forge.unpacking import Incoming

ZERO = ObjectID(b"0" * 40)


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
    """One push into one repository, whose lock the caller holds; `size` is that of its body in bytes."""

    def __init__(
        self, repo: Repo, proto: ReceivableProtocol, *, size: int = 0, advertise_refs: bool = False
    ) -> None:
        super().__init__(only(repo), ["/"], proto, stateless_rpc=True, advertise_refs=advertise_refs)
        self._repo, self._proto, self._size = repo, proto, size
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
        return Incoming(self._proto.read, self._proto.recv, self._size).into(store).encode()

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
