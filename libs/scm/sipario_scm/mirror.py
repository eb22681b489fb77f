"""Bare mirrors of repositories on our disk: only what is new is fetched, and a broken one is made anew."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import IO

import structlog
from dulwich.objects import ObjectID
from dulwich.refs import Ref
from dulwich.repo import Repo

from sipario_scm.choice import Heads
from sipario_scm.damage import BROKEN, is_of_surroundings, sound, unusable
from sipario_scm.dulwich_remote import DulwichRemote
from sipario_scm.errors import HostUnavailable, MirrorDamaged, RepositoryTooLarge, ScmError
from sipario_scm.git_program import GitProgram
from sipario_scm.login import USER
from sipario_scm.packs import USUAL, Limits
from sipario_scm.tree import GitTree

_MANY_PACKS = 60

log = structlog.get_logger(__name__)


class Mirror:
    """One repository's bare mirror in `folder`. Its methods block: call them on a thread.

    `token` is sent to the URL's host only. A lock on disk lets one fetch at a time happen, in all processes.
    The first fetch is done by the git program when there is one, later ones within this process, unless they are
    large. A fetch that does not succeed leaves the mirror as it was.
    """

    def __init__(
        self, folder: Path, url: str, token: str = "", *, user: str = USER, limits: Limits = USUAL
    ) -> None:
        self.folder = folder
        self.url = url
        self._token = token
        self._remote = DulwichRemote(url, token, user=user, limits=limits)
        self._git = GitProgram.found(limits, user)
        self._too_large: dict[str, str] = {}

    @classmethod
    def under(
        cls, data: Path, url: str, token: str = "", *, user: str = USER, limits: Limits = USUAL
    ) -> "Mirror":
        """Keep the mirror in a folder of its own below `data`, named after the URL."""
        return cls(folder_of(data, url), url, token, user=user, limits=limits)

    def has(self, token: str) -> bool:
        """Tell whether this is the token that it sends."""
        return self._token == token

    def heads(self) -> Heads:
        """Ask the host for its refs, one request. Raises ScmError."""
        return self._remote.heads()

    def read(self, wanted: str = "", commit: str = "") -> GitTree:
        """Return the tree at the head of a branch (empty: the default one), or of a tag or full commit id.

        `commit` is a hint: when the branch was read at it before, the host is not asked. A commit that is not
        the head any more, or that the host does not know, makes no difference. Raises ScmError.
        """
        with _locked(self.folder):
            if commit and wanted and self._kept(wanted) == commit:
                return GitTree(self.folder, commit, wanted)
            try:
                return self._fetched(wanted)
            except MirrorDamaged as error:
                log.warning("mirror made anew", url=self.url, reason=str(error))
                _remove(self.folder)
                return self._fetched(wanted)

    def at(self, commit: str) -> GitTree:
        """Return the tree at a commit that was fetched before; raises MirrorDamaged when it was not."""
        return GitTree(self.folder, commit, "")

    def discard(self) -> None:
        """Forget the mirror; the next read clones again."""
        remove(self.folder)

    def close(self) -> None:
        """Close the connections to the host."""
        self._remote.close()

    def _fetched(self, wanted: str) -> GitTree:
        repo = self._opened()
        try:
            with _nothing_left(self.folder):
                branch, sha = self._bring(repo, wanted)
            with sound(self.folder):
                repo.refs[Ref(b"refs/heads/" + _hex(branch))] = ObjectID(sha.encode())
                many = len(list(repo.object_store.packs)) > _MANY_PACKS
        finally:
            repo.close()
        if many:
            self._pack()
        tree = GitTree(self.folder, sha, branch)
        try:
            _ = tree.files
        except ScmError:
            tree.close()
            raise
        return tree

    def _bring(self, repo: Repo, wanted: str) -> tuple[str, str]:
        if self._git and not list(repo.object_store.packs):
            branch, sha = self._chosen(self._remote.heads(), wanted)
            if self._cloned(branch, sha):
                return branch, sha
        try:
            return self._received(repo, wanted)
        except RepositoryTooLarge as error:
            # For the memory of this process, perhaps: the git program needs less.
            branch, sha = self._chosen(self._remote.heads(), wanted)
            if self._git and self._cloned(branch, sha):
                return branch, sha
            self._too_large[sha] = str(error)
            raise

    def _received(self, repo: Repo, wanted: str) -> tuple[str, str]:
        with sound(self.folder):
            heads = self._remote.fetch(repo, lambda heads: self._chosen(heads, wanted)[1])
        branch, sha = heads.choose(wanted)
        if ObjectID(sha.encode()) not in repo.object_store:  # it moved between two questions
            raise HostUnavailable(f"{self.url} did not send {sha[:8]}; it is asked again")
        return branch, sha

    def _chosen(self, heads: Heads, wanted: str) -> tuple[str, str]:
        """Choose a commit; one that was found too large before is not fetched once more."""
        branch, sha = heads.choose(wanted)
        if sha in self._too_large:
            raise RepositoryTooLarge(self._too_large[sha])
        return branch, sha

    def _cloned(self, branch: str, sha: str) -> bool:
        assert self._git is not None
        for ref in (f"refs/heads/{branch}", sha):
            try:
                self._git.fetch(self.folder, self.url, self._token, ref=ref)
            except RepositoryTooLarge as error:
                self._too_large[sha] = str(error)
                raise
            except HostUnavailable as error:
                log.info("git did not clone", url=self.url, ref=ref, reason=str(error))
                continue
            with sound(self.folder), Repo(str(self.folder)) as repo:
                return ObjectID(sha.encode()) in repo.object_store
        return False

    def _kept(self, wanted: str) -> str:
        try:
            with Repo(str(self.folder)) as repo:
                sha = repo.refs[Ref(b"refs/heads/" + _hex(wanted))]
                return sha.decode() if sha in repo.object_store else ""
        except BROKEN:
            return ""

    def _opened(self) -> Repo:
        try:
            return Repo(str(self.folder))
        except BROKEN as error:
            if is_of_surroundings(error):
                raise unusable(error) from error
            _remove(self.folder)
            with sound(self.folder):
                self.folder.mkdir(parents=True)
                return Repo.init_bare(str(self.folder))

    def _pack(self) -> None:
        with Repo(str(self.folder)) as repo, sound(self.folder):
            repo.object_store.repack()


def folder_of(data: Path, url: str) -> Path:
    """Name the folder below `data` that the mirror of a URL is in."""
    name = "".join(c if c.isalnum() or c in "-_" else "-" for c in url.rsplit("/", 1)[-1])[:40]
    return data / f"{name}-{sha256(url.encode()).hexdigest()[:16]}.git"


def remove(folder: Path) -> None:
    """Remove a mirror from the disk, when nobody fetches into it any more."""
    with _locked(folder):
        _remove(folder)
        _lock_of(folder).unlink()


def _remove(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)


def _lock_of(folder: Path) -> Path:
    return folder.with_suffix(".lock")


@contextmanager
def _nothing_left(folder: Path) -> Iterator[None]:
    """Fetch: when that fails, what came of it is removed, so that no disk fills with the rests of many tries."""
    packs = folder / "objects" / "pack"
    before = {path for path in packs.glob("*") if not path.name.startswith("tmp_")}
    try:
        yield
    except BaseException:
        with suppress(OSError):  # the disk's own troubles are what is told
            for path in set(packs.glob("*")) - before:
                path.unlink()
        raise


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    while True:
        with sound(folder):
            folder.parent.mkdir(parents=True, exist_ok=True)
            file = _lock_of(folder).open("w")
        with file:
            fcntl.flock(file, fcntl.LOCK_EX)
            if _stands(file, _lock_of(folder)):
                yield
                return


def _stands(file: IO[str], path: Path) -> bool:
    """Tell that a lock that was waited for was not removed meanwhile, together with its mirror."""
    try:
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    except FileNotFoundError:
        return False


def _hex(name: str) -> bytes:
    """Spell a branch name so that no name is a folder of another's ref file."""
    return name.encode().hex().encode()
