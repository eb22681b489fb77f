"""Git's protocol version 2 for clone and fetch, as a function from a request to an answer: gitprotocol-v2.

dulwich serves the older versions; it neither hands out exact commits nor fetches into a shallow clone.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Self

from dulwich.objects import Commit, ObjectID, Tag, valid_hexsha
from dulwich.pack import PackChunkGenerator, generate_unpacked_objects
from dulwich.repo import Repo

from sipario_forge.history import new_commits, objects_of, unwrapped
from sipario_forge.packets import DELIMITER, FLUSH, Malformed, packet, packets, sideband

_INFINITE = 0x7FFFFFFF
_CHUNK = 60_000


def capabilities() -> Iterator[bytes]:
    """Yield what version 2 clients are told first."""
    yield packet(b"version 2\n")
    for line in (b"agent=sipario-forge", b"ls-refs=unborn", b"fetch=shallow", b"object-format=sha1"):
        yield packet(line + b"\n")
    yield FLUSH


def answer(repo: Repo, body: bytes) -> Iterator[bytes]:
    """Answer one version 2 command; raises Malformed for what is none."""
    lines = list(packets(body))
    command = lines[0] if lines else None
    arguments = [line for line in lines[lines.index(None) + 1 :] if line] if None in lines else []
    if command == b"command=ls-refs":
        return _references(repo, arguments)
    if command == b"command=fetch":
        return _fetch(repo, Wish.of(repo, arguments))
    raise Malformed(f"{command!r} is no command of protocol version 2")


def _references(repo: Repo, arguments: list[bytes]) -> Iterator[bytes]:
    prefixes = tuple(
        line.removeprefix(b"ref-prefix ") for line in arguments if line.startswith(b"ref-prefix ")
    )
    refs, links = repo.get_refs(), repo.refs.get_symrefs()
    if b"HEAD" not in refs and b"unborn" in arguments:
        yield packet(b"unborn HEAD symref-target:%s\n" % links[b"HEAD"])  # type: ignore[index]
    for ref, sha in sorted(refs.items()):
        if prefixes and not ref.startswith(prefixes):
            continue
        line = b"%s %s" % (sha, ref)
        if b"symrefs" in arguments and ref in links:
            line += b" symref-target:" + links[ref]
        if b"peel" in arguments and isinstance(repo.object_store[sha], Tag):
            line += b" peeled:" + unwrapped(repo.object_store, sha)[1]
        yield packet(line + b"\n")
    yield FLUSH


@dataclass
class Wish:
    """What a client wants, has, and where its own history ends."""

    wants: list[ObjectID] = field(default_factory=list)
    haves: list[ObjectID] = field(default_factory=list)
    shallow: set[ObjectID] = field(default_factory=set)
    depth: int = 0
    flags: set[bytes] = field(default_factory=set)
    problem: str = ""

    @classmethod
    def of(cls, repo: Repo, arguments: list[bytes]) -> Self:
        """Read the lines of a fetch command, keeping of its haves those that this repository has too."""
        wish = cls()
        for line in arguments:
            key, _, value = line.partition(b" ")
            if key in {b"want", b"have", b"shallow"} and not valid_hexsha(value):
                raise Malformed(f"{value!r} is no object id")
            wish._take(repo, key, value)
        return wish

    def _take(self, repo: Repo, key: bytes, value: bytes) -> None:
        sha = ObjectID(value)
        match key:
            case b"want" if sha not in repo.object_store:
                self.problem = f"upload-pack: not our ref {value.decode()}"
            case b"want":
                self.wants.append(sha)
            case b"have" if sha in repo.object_store:
                self.haves.append(sha)
            case b"shallow":
                self.shallow.add(sha)
            case b"deepen":
                self.depth = int(value)
            case b"deepen-since" | b"deepen-not":
                self.problem = f"upload-pack: {key.decode()} is not served here, use a depth"
            case _:
                self.flags.add(key)


def _fetch(repo: Repo, wish: Wish) -> Iterator[bytes]:
    if wish.problem:
        yield packet(f"ERR {wish.problem}".encode())
        return
    if b"done" not in wish.flags:
        yield packet(b"acknowledgments\n")
        yield from [packet(b"ACK %s\n" % sha) for sha in wish.haves] or [packet(b"NAK\n")]
        if not wish.haves:
            yield FLUSH
            return
        yield packet(b"ready\n") + DELIMITER
    boundary = Boundary.of(repo, wish)
    if wish.depth:
        yield packet(b"shallow-info\n")
        yield from [packet(b"shallow %s\n" % sha) for sha in sorted(boundary.ends - wish.shallow)]
        yield from [packet(b"unshallow %s\n" % sha) for sha in sorted(wish.shallow - boundary.ends)]
        yield DELIMITER
    yield packet(b"packfile\n")
    yield from _pack(repo, _missing(repo, wish, boundary))
    yield FLUSH


@dataclass(frozen=True)
class Boundary:
    """The commits at which a shallow client's history ends."""

    ends: frozenset[ObjectID]

    @classmethod
    def of(cls, repo: Repo, wish: Wish) -> Self:
        """Work out where the history will end after this fetch."""
        if not wish.depth:
            return cls(frozenset(wish.shallow))
        relative = b"deepen-relative" in wish.flags and wish.shallow
        level = wish.shallow if relative else {unwrapped(repo.object_store, sha)[1] for sha in wish.wants}
        limit = wish.depth + 1 if relative else wish.depth
        seen: set[ObjectID] = set()
        for _ in range(min(limit - 1, _INFINITE)):
            seen |= level
            level = {parent for sha in level for parent in _parents(repo, sha)} - seen
            if not level:
                break
        ends = {sha for sha in level if _parents(repo, sha)}
        return cls(frozenset(ends | (wish.shallow - seen)))

    def parents(self, commit: Commit) -> list[ObjectID]:
        """Return a commit's parents on this side of the boundary."""
        return [] if commit.id in self.ends else commit.parents


def _parents(repo: Repo, sha: ObjectID) -> list[ObjectID]:
    found = repo.object_store[sha] if sha in repo.object_store else None  # noqa: SIM401 - a store has no get
    return found.parents if isinstance(found, Commit) else []


def _missing(repo: Repo, wish: Wish, boundary: Boundary) -> dict[ObjectID, None]:
    store = repo.object_store
    found: dict[ObjectID, None] = {}
    tips: list[ObjectID] = []
    for want in wish.wants:
        tags, sha = unwrapped(store, want)
        found.update(dict.fromkeys(tags))
        (tips.append if isinstance(store[sha], Commit) else found.setdefault)(sha)
    before = Boundary(frozenset(wish.shallow))
    if wish.depth:
        # A deepened client lacks commits below ones that it has, so painting from the top would stop too early.
        held = {commit.id for commit in new_commits(store, wish.haves, [], parents=before.parents)}
        commits = [c for c in new_commits(store, tips, [], parents=boundary.parents) if c.id not in held]
    else:
        commits = new_commits(store, tips, wish.haves, parents=before.parents)
    found |= objects_of(store, commits, parents=boundary.parents)
    if b"include-tag" in wish.flags:
        found.update(dict.fromkeys(_tags_of(repo, found)))
    return found


def _tags_of(repo: Repo, found: dict[ObjectID, None]) -> list[ObjectID]:
    included: list[ObjectID] = []
    for ref, sha in repo.get_refs().items():
        if ref.startswith(b"refs/tags/"):
            tags, target = unwrapped(repo.object_store, sha)
            included += tags if target in found else []
    return included


def _pack(repo: Repo, objects: dict[ObjectID, None]) -> Iterator[bytes]:
    records = generate_unpacked_objects(repo.object_store, [(sha, None) for sha in objects])
    pending = bytearray()
    for chunk in PackChunkGenerator(repo.object_format, num_records=len(objects), records=records):
        pending += chunk
        if len(pending) >= _CHUNK:
            yield from sideband(bytes(pending))
            pending.clear()
    yield from sideband(bytes(pending))
