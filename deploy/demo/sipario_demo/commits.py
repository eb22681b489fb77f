"""Commits made from versions: the same versions give the same commit ids, on every machine."""

from collections.abc import Iterator, Sequence

from dulwich.index import commit_tree
from dulwich.object_store import MemoryObjectStore
from dulwich.objects import Blob, Commit, ObjectID

from sipario_demo.history import Files, Step, Version

_FILE_MODE = 0o100644
_MAIL_DOMAIN = "palco.example"


def committed(versions: Sequence[Version]) -> tuple[ObjectID, MemoryObjectStore]:
    """Return the newest commit's id, and a store that holds it with all that it stands on."""
    store = MemoryObjectStore()
    head: list[ObjectID] = []
    for version in versions:
        commit = _commit(version.step, commit_tree(store, _blobs(store, version.files)), head)
        store.add_object(commit)
        head = [commit.id]
    return head[0], store


def mail_address(name: str) -> str:
    """Return the address of one of the organisation's people."""
    return f"{name.lower().replace(' ', '.')}@{_MAIL_DOMAIN}"


def _blobs(store: MemoryObjectStore, files: Files) -> Iterator[tuple[bytes, ObjectID, int]]:
    for path, text in files.items():
        blob = Blob.from_string(text.encode())
        store.add_object(blob)
        yield path.encode(), blob.id, _FILE_MODE


def _commit(step: Step, tree: ObjectID, parents: list[ObjectID]) -> Commit:
    commit = Commit()
    commit.tree, commit.parents = tree, parents
    commit.author = commit.committer = f"{step.author} <{mail_address(step.author)}>".encode()
    commit.author_time = commit.commit_time = int(step.date.timestamp())
    offset = step.date.utcoffset()
    assert offset is not None, f"{step.date} has no time zone"
    commit.author_timezone = commit.commit_timezone = int(offset.total_seconds())
    commit.encoding = b"UTF-8"
    commit.message = step.message.encode()
    return commit
