"""Pull requests in motion: opening, comparing, merging."""

from dataclasses import dataclass

from dulwich.graph import find_merge_base
from dulwich.objects import Commit, ObjectID
from dulwich.repo import Repo

from sipario_forge.errors import Conflict, ForgeError, Invalid, MergeRefused
from sipario_forge.history import new_commits
from sipario_forge.host import Host
from sipario_forge.merging import MergeConflict, merged_tree
from sipario_forge.pulls import Proposal, Pull, PullTable
from sipario_forge.reading import branch_head, commit_of
from sipario_forge.receiving import Update
from sipario_forge.registry import Hosted
from sipario_forge.writing import Note, Signature, add_commit


@dataclass(frozen=True)
class MergeWish:
    """How to merge: `method` is merge, squash or rebase; `sha` is where the head must still be, if given."""

    method: str = "merge"
    title: str = ""
    message: str = ""
    sha: str = ""


class Proposals:
    """Opens and merges pull requests between branches of one repository."""

    def __init__(self, host: Host, table: PullTable) -> None:
        self._host = host
        self._table = table

    def open(self, hosted: Hosted, proposal: Proposal, actor: str) -> Pull:
        """Open a pull request; raises Invalid when there is nothing to merge or one is open already."""
        if any(pull.base == proposal.base for pull in self._table.open_from(hosted, proposal.head)):
            raise Invalid(f"A pull request already exists for {hosted.owner}:{proposal.head}.")
        with self._host.writing(hosted) as repo:
            head, base = _branch(repo, "head", proposal.head), _branch(repo, "base", proposal.base)
            if not new_commits(repo.object_store, [head], [base]):
                raise Invalid(f"No commits between {proposal.base} and {proposal.head}")
            pull = self._table.add(
                hosted, proposal, author=actor, head_sha=head.decode(), base_sha=base.decode()
            )
        self._host.tell_pull(hosted, pull.number, "opened", actor)
        return pull

    def close(self, hosted: Hosted, pull: Pull, actor: str) -> None:
        """Close a pull request unmerged."""
        self._table.close(pull)
        self._host.tell_pull(hosted, pull.number, "closed", actor)

    def reopen(self, hosted: Hosted, pull: Pull, actor: str) -> None:
        """Open a closed pull request again; raises Invalid when it is merged or a branch is gone."""
        if pull.merged_at:
            raise Invalid("a merged pull request cannot be reopened")
        with self._host.reading(hosted) as repo:
            head = _branch(repo, "head", pull.head)
            _branch(repo, "base", pull.base)
        self._table.reopen(pull)
        self._table.advance(pull, head.decode())
        self._host.tell_pull(hosted, pull.number, "reopened", actor)

    def edit(self, hosted: Hosted, pull: Pull, proposal: Proposal, actor: str) -> None:
        """Change title, body or base; raises Invalid when there is no such base."""
        with self._host.reading(hosted) as repo:
            _branch(repo, "base", proposal.base)
        self._table.edit(pull, title=proposal.title, body=proposal.body, base=proposal.base)
        self._host.tell_pull(hosted, pull.number, "edited", actor)

    def mergeable(self, hosted: Hosted, pull: Pull) -> bool | None:
        """Try the merge without doing it; None when it is not open."""
        if pull.state != "open":
            return None
        with self._host.reading(hosted) as repo:
            try:
                _merged_branches(repo, pull)
            except ForgeError:
                return False
        return True

    def merge(self, hosted: Hosted, pull: Pull, wish: MergeWish, actor: str) -> ObjectID:
        """Merge; raises MergeRefused when closed, Conflict when the head moved or both sides changed the same."""
        if pull.state != "open":
            raise MergeRefused("Pull Request is not mergeable")
        with self._host.writing(hosted) as repo:
            base, head = branch_head(repo, pull.base), branch_head(repo, pull.head)
            if base is None or head is None:
                raise MergeRefused("Pull Request is not mergeable")
            if wish.sha and wish.sha != head.decode():
                raise Conflict("Head branch was modified. Review and try the merge again.")
            sha = _merged(repo, pull, wish, Signature(actor, f"{actor}@forge.invalid"))
            self._table.close(pull, merge_sha=sha.decode(), base_sha=base.decode())
            self._host.set_ref(hosted, repo, Update(f"refs/heads/{pull.base}", base, sha), actor)
        self._host.tell_pull(hosted, pull.number, "closed", actor)
        return sha


def commits_of(repo: Repo, pull: Pull) -> list[Commit]:
    """Return the commits of a pull request, oldest first; the recorded base when it is closed."""
    base = branch_head(repo, pull.base) if pull.state == "open" else None
    head, known = ObjectID(pull.head_sha.encode()), [base or ObjectID(pull.base_sha.encode())]
    store = repo.object_store
    return new_commits(store, [head], [sha for sha in known if sha in store])[::-1] if head in store else []


def _branch(repo: Repo, field: str, name: str) -> ObjectID:
    sha = branch_head(repo, name)
    if sha is None:
        raise Invalid(f"{field} {name!r} is no branch of this repository")
    return sha


def _merged(repo: Repo, pull: Pull, wish: MergeWish, who: Signature) -> ObjectID:
    """Store what the base will be after the merge and return its id; raises Conflict."""
    base, head = _branch(repo, "base", pull.base), _branch(repo, "head", pull.head)
    if wish.method == "rebase":
        return _rebased(repo, base, commits_of(repo, pull), who)
    tree = _merged_branches(repo, pull)
    title = wish.title or f"{pull.title} (#{pull.number})"
    if wish.method == "merge":
        title = wish.title or f"Merge pull request #{pull.number} from {pull.head}"
    message = f"{title}\n\n{wish.message or pull.title}".strip() + "\n"
    return add_commit(repo, tree, [base, head] if wish.method == "merge" else [base], Note(message, who, who))


def _merged_branches(repo: Repo, pull: Pull) -> ObjectID:
    base, head = _branch(repo, "base", pull.base), _branch(repo, "head", pull.head)
    parent = next(iter(find_merge_base(repo, [base, head])), None)
    return _tree(repo, parent, base, head)


def _rebased(repo: Repo, base: ObjectID, commits: list[Commit], who: Signature) -> ObjectID:
    for commit in commits:
        if commit.parents == [base]:
            base = commit.id
            continue
        if len(commit.parents) != 1:
            raise Conflict("merge commits cannot be rebased")
        tree = _tree(repo, commit.parents[0], base, commit.id)
        name, _, address = commit.author.decode("utf-8", "replace").partition(" <")
        author = Signature(name, address.removesuffix(">"))
        base = add_commit(repo, tree, [base], Note(commit.message.decode("utf-8", "replace"), author, who))
    return base


def _tree(repo: Repo, parent: ObjectID | None, ours: ObjectID, theirs: ObjectID) -> ObjectID:
    roots = [commit_of(repo, sha.decode()).tree for sha in (ours, theirs)]
    base = commit_of(repo, parent.decode()).tree if parent else None
    try:
        return merged_tree(repo.object_store, base, ours=roots[0], theirs=roots[1])
    except MergeConflict as error:
        raise Conflict(f"Merge conflict in {error}") from error
