"""The forge's verbs: what changes a repository, and who is told."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from dulwich.objects import ObjectID
from dulwich.refs import Ref
from dulwich.repo import Repo

from sipario_forge.courier import Courier, Notice
from sipario_forge.errors import Conflict, Forbidden, Invalid
from sipario_forge.history import new_commits
from sipario_forge.hooks import Message
from sipario_forge.payloads import Payloads
from sipario_forge.pulls import PullTable
from sipario_forge.receiving import ZERO, Update
from sipario_forge.registry import Hosted, Registry
from sipario_forge.storage import Storage

HEAD = Ref(b"HEAD")


@dataclass(frozen=True)
class Wanted:
    """What a new repository shall be."""

    name: str
    private: bool = False
    description: str = ""
    branch: str = "main"


class Host:
    """Every change goes through here, so that none goes unannounced; `actor` is the login of who does it."""

    def __init__(
        self, registry: Registry, storage: Storage, *, pulls: PullTable, payloads: Payloads, courier: Courier
    ) -> None:
        self.registry = registry
        self._storage = storage
        self._pulls = pulls
        self._payloads = payloads
        self._courier = courier

    @contextmanager
    def reading(self, hosted: Hosted) -> Iterator[Repo]:
        """Open a repository to read it."""
        with self._storage.reading(hosted.folder) as repo:
            yield repo

    @contextmanager
    def writing(self, hosted: Hosted) -> Iterator[Repo]:
        """Open a repository as its only writer; raises Forbidden when it is archived."""
        with self._storage.writing(hosted.folder) as repo:
            if self.registry.by_id(hosted.id).archived:
                raise Forbidden("Repository was archived so is read-only.")
            yield repo

    def create(self, owner: str, wanted: Wanted, actor: str) -> Hosted:
        """Make an empty repository; raises Invalid."""
        hosted = self.registry.create(
            owner, wanted.name, private=wanted.private, description=wanted.description, branch=wanted.branch
        )
        self.tell_repository(hosted, "created", actor)
        return hosted

    def rename(self, hosted: Hosted, name: str, actor: str) -> Hosted:
        """Give a repository another name; raises Invalid."""
        renamed = self.registry.rename(hosted, name)
        self._tell(
            renamed,
            self._payloads.repository(
                renamed, "renamed", actor, changes={"repository": {"name": {"from": hosted.name}}}
            ),
        )
        return renamed

    def describe(
        self, hosted: Hosted, *, description: str, private: bool, archived: bool, actor: str
    ) -> Hosted:
        """Change what is told about a repository, and whether it may be read or written."""
        changed = self.registry.describe(hosted, description=description, private=private, archived=archived)
        if archived != hosted.archived:
            self.tell_repository(changed, "archived" if archived else "unarchived", actor)
        if private != hosted.private:
            self.tell_repository(changed, "privatized" if private else "publicized", actor)
        if description != hosted.description:
            self.tell_repository(changed, "edited", actor)
        return changed

    def remove(self, hosted: Hosted, actor: str) -> None:
        """Delete a repository for good; those who hear of it are asked before its hooks go."""
        self.tell_repository(hosted, "deleted", actor)
        self.registry.remove(hosted)

    def point_head(self, hosted: Hosted, branch: str, actor: str) -> Hosted:
        """Make an existing branch the default one; raises Invalid."""
        with self.writing(hosted) as repo:
            if Ref(f"refs/heads/{branch}".encode()) not in repo.refs:
                raise Invalid(f"branch {branch!r} does not exist")
            self._set_head(repo, branch)
        changed = self.registry.set_default_branch(hosted, branch)
        before = {"default_branch": {"from": hosted.default_branch}}
        self._tell(changed, self._payloads.repository(changed, "edited", actor, changes=before))
        return changed

    def set_ref(self, hosted: Hosted, repo: Repo, update: Update, actor: str) -> None:
        """Move one ref of a repository that is open for writing; raises Conflict when it moved meanwhile."""
        ref = Ref(update.ref.encode())
        if update.after == ZERO:
            done = repo.refs.remove_if_equals(ref, update.before)
        else:
            done = repo.refs.set_if_equals(ref, update.before, update.after)
        if not done:
            raise Conflict(f"{update.ref} moved meanwhile")
        self.moved(hosted, repo, [update], actor)

    def moved(self, hosted: Hosted, repo: Repo, updates: Sequence[Update], actor: str) -> None:
        """Draw the consequences of moved refs: HEAD, the time of the push, pull requests, announcements."""
        if repo.refs.follow(HEAD)[1] is None:
            hosted = self._follow_first_push(hosted, repo, updates)
        hosted = self.registry.pushed(hosted)
        for update in updates:
            self._tell_push(hosted, update, actor)
            if ZERO in {update.before, update.after}:
                event = "create" if update.before == ZERO else "delete"
                self._tell(hosted, self._payloads.reference(hosted, event, update, actor))
            self._follow_pulls(hosted, repo, update, actor)

    def tell_repository(self, hosted: Hosted, action: str, actor: str) -> None:
        """Announce what became of a repository as a whole."""
        self._tell(hosted, self._payloads.repository(hosted, action, actor))

    def _follow_first_push(self, hosted: Hosted, repo: Repo, updates: Sequence[Update]) -> Hosted:
        pushed = [update.ref.removeprefix("refs/heads/") for update in updates if update.after != ZERO]
        branches = [name for name in pushed if not name.startswith("refs/")]
        if not branches:
            return hosted
        self._set_head(repo, branches[0])
        return self.registry.set_default_branch(hosted, branches[0])

    def _set_head(self, repo: Repo, branch: str) -> None:
        repo.refs.set_symbolic_ref(HEAD, Ref(f"refs/heads/{branch}".encode()))

    def _tell(self, hosted: Hosted, message: Message) -> None:
        self._courier.announce(Notice(hosted, message.event, lambda: message))

    def _tell_push(self, hosted: Hosted, update: Update, actor: str) -> None:
        def message() -> Message:
            with self.reading(hosted) as repo:
                return self._payloads.push(hosted, repo, update, actor)

        self._courier.announce(Notice(hosted, "push", message))

    def _follow_pulls(self, hosted: Hosted, repo: Repo, update: Update, actor: str) -> None:
        """Advance or close the pull requests of a branch that moved, and close those that it took in."""
        branch = update.ref.removeprefix("refs/heads/")
        for pull in self._pulls.open_from(hosted, branch):
            if update.after == ZERO:
                self._pulls.close(pull)
            else:
                self._pulls.advance(pull, update.after.decode())
            self.tell_pull(hosted, pull.number, "closed" if update.after == ZERO else "synchronize", actor)
        for pull in self._pulls.open_into(hosted, branch) if update.after != ZERO else ():
            head = ObjectID(pull.head_sha.encode())
            if head in repo.object_store and not new_commits(repo.object_store, [head], [update.after]):
                self._pulls.close(pull, merge_sha=update.after.decode(), base_sha=update.before.decode())
                self.tell_pull(hosted, pull.number, "closed", actor)

    def tell_pull(self, hosted: Hosted, number: int, action: str, actor: str) -> None:
        """Announce what became of a pull request."""
        pull = self._payloads.shapes.pull(hosted, self._pulls.find(hosted, number))
        self._tell(hosted, self._payloads.pull_request(hosted, action, pull, actor))
