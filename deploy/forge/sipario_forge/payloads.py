"""What webhooks say, in GitHub's shapes."""

from typing import Any

import orjson
from dulwich.diff_tree import CHANGE_ADD, CHANGE_DELETE, tree_changes
from dulwich.object_store import BaseObjectStore
from dulwich.objects import Commit, ObjectID
from dulwich.repo import Repo

from sipario_forge.history import new_commits, unwrapped
from sipario_forge.hooks import Hook, Message
from sipario_forge.receiving import ZERO, Update
from sipario_forge.registry import Hosted
from sipario_forge.shapes import Json, Shapes, person, text

_MOST_COMMITS = 100
_NOBODY = "nobody@forge.invalid"


class Payloads:
    """Writes the messages; `actor` is the login of whoever caused them."""

    def __init__(self, shapes: Shapes) -> None:
        self.shapes = shapes

    def ping(self, hook: Hook, hosted: Hosted | None, actor: str) -> Message:
        """Say that a hook was set up."""
        about = {"zen": "The curtain opens when the show is ready.", "hook_id": hook.id}
        about["hook"] = {
            "id": hook.id,
            "type": "Repository",
            "active": hook.active,
            "events": list(hook.events),
        }
        return self._message("ping", hosted, actor, about)

    def repository(self, hosted: Hosted, action: str, actor: str, **changes: Json) -> Message:
        """Say that a repository was created, renamed, deleted, archived and so on."""
        return self._message("repository", hosted, actor, {"action": action} | changes)

    def reference(self, hosted: Hosted, event: str, update: Update, actor: str) -> Message:
        """Say that a branch or tag was created or deleted."""
        _, kind, name = update.ref.split("/", 2)
        about: Json = {"ref": name, "ref_type": {"heads": "branch", "tags": "tag"}.get(kind, kind)}
        about |= {"pusher_type": "user", "master_branch": hosted.default_branch}
        return self._message(event, hosted, actor, about)

    def pull_request(self, hosted: Hosted, action: str, pull: Json, actor: str, **more: Any) -> Message:
        """Say what became of a pull request."""
        about = {"action": action, "number": pull["number"], "pull_request": pull} | more
        return self._message("pull_request", hosted, actor, about)

    def push(self, hosted: Hosted, repo: Repo, update: Update, actor: str) -> Message:
        """Say which commits a ref got; of more than 100 the newest, oldest first."""
        home, store = f"{self.shapes.url}/{hosted.full_name}", repo.object_store
        tip = _commit(store, update.after)
        shown = [self._pushed(hosted, store, commit) for commit in _commits(repo, update, tip)]
        about: Json = {
            "ref": update.ref,
            "before": update.before.decode(),
            "after": update.after.decode(),
            "base_ref": None,
            "created": update.before == ZERO,
            "deleted": update.after == ZERO,
            "forced": _forced(store, update, tip),
            "compare": f"{home}/compare/{update.before.decode()[:12]}...{update.after.decode()[:12]}",
            "commits": shown,
            "head_commit": self._pushed(hosted, store, tip) if tip else None,
            "pusher": {"name": actor, "email": _NOBODY},
        }
        return self._message("push", hosted, actor, about)

    def _pushed(self, hosted: Hosted, store: BaseObjectStore, commit: Commit) -> Json:
        author, committer = person(commit.author, 0), person(commit.committer, 0)
        del author["date"], committer["date"]
        when = person(commit.committer, commit.commit_time)["date"]
        return {
            "id": commit.id.decode(),
            "tree_id": commit.tree.decode(),
            "distinct": True,
            "message": text(commit.message).rstrip("\n"),
            "timestamp": when,
            "url": f"{self.shapes.url}/{hosted.full_name}/commit/{commit.id.decode()}",
            "author": author,
            "committer": committer,
            **changed_paths(store, commit),
        }

    def _message(self, event: str, hosted: Hosted | None, actor: str, about: Json) -> Message:
        sender = self.shapes.account(actor)
        context: Json = {"sender": sender}
        if hosted is not None:
            context["repository"] = self.shapes.repository(hosted)
            owner = self.shapes.account(hosted.owner)
            context |= {"organization": owner} if owner["type"] == "Organization" else {}
        return Message(event, about.get("action"), orjson.dumps(about | context))


def changed_paths(store: BaseObjectStore, commit: Commit) -> dict[str, list[str]]:
    """Return the paths that a commit added, removed and modified against its first parent."""
    before = _commit(store, commit.parents[0]) if commit.parents else None
    paths: dict[str, list[str]] = {"added": [], "removed": [], "modified": []}
    for change in tree_changes(store, before.tree if before else None, commit.tree):
        key = {CHANGE_ADD: "added", CHANGE_DELETE: "removed"}.get(change.type, "modified")
        entry = change.old if change.type == CHANGE_DELETE else change.new
        assert entry is not None
        assert entry.path is not None
        paths[key].append(text(entry.path))
    return paths


def _commit(store: BaseObjectStore, sha: ObjectID) -> Commit | None:
    if sha not in store:
        return None
    found = store[unwrapped(store, sha)[1]]
    return found if isinstance(found, Commit) else None


def _commits(repo: Repo, update: Update, tip: Commit | None) -> list[Commit]:
    """Return the commits that are new in this ref, oldest first; of a new ref, those on no other branch."""
    if tip is None or update.ref.startswith("refs/tags/"):
        return []
    others = [sha for ref, sha in repo.get_refs().items() if ref not in {b"HEAD", update.ref.encode()}]
    before = [update.before] if update.before != ZERO else others
    known = [sha for sha in before if sha in repo.object_store]
    return new_commits(repo.object_store, [tip.id], known)[:_MOST_COMMITS][::-1]


def _forced(store: BaseObjectStore, update: Update, tip: Commit | None) -> bool:
    if tip is None or update.before == ZERO or update.before not in store:
        return False
    return bool(new_commits(store, [update.before], [tip.id]))
