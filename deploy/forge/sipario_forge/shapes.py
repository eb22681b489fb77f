"""GitHub's JSON for users, repositories and commits."""

import hashlib
from collections.abc import Mapping
from typing import Any

from dulwich.objects import Commit

from sipario_forge.clock import written
from sipario_forge.hooks import Hook
from sipario_forge.pulls import Pull
from sipario_forge.registry import Hosted

Json = dict[str, Any]


class Shapes:
    """Puts what the forge knows into GitHub's words; the addresses in them start with the forge's own URL."""

    def __init__(self, url: str, user: str) -> None:
        self.url = url.rstrip("/")
        self.api = f"{self.url}/api/v3"
        self._user = user

    def account(self, login: str) -> Json:
        """Return a user, or the organisation that owns something."""
        kind = "User" if login.lower() == self._user.lower() else "Organization"
        return {
            "login": login,
            "id": number_of(login.lower()),
            "node_id": node("U", login.lower()),
            "type": kind,
            "site_admin": False,
            "avatar_url": "",
            "url": f"{self.api}/users/{login}",
            "html_url": f"{self.url}/{login}",
            "repos_url": f"{self.api}/users/{login}/repos",
        }

    def repository(self, hosted: Hosted) -> Json:
        """Return a repository as the API and webhooks show it."""
        home, api = f"{self.url}/{hosted.full_name}", f"{self.api}/repos/{hosted.full_name}"
        return {
            "id": hosted.id,
            "node_id": node("R", str(hosted.id)),
            "name": hosted.name,
            "full_name": hosted.full_name,
            "owner": self.account(hosted.owner) | {"name": hosted.owner},
            "private": hosted.private,
            "visibility": "private" if hosted.private else "public",
            "description": hosted.description or None,
            "fork": False,
            "archived": hosted.archived,
            "disabled": False,
            "default_branch": hosted.default_branch,
            "topics": [],
            "html_url": home,
            "clone_url": f"{home}.git",
            "git_url": f"{home}.git",
            "ssh_url": f"{home}.git",
            "url": api,
            **{f"{part}_url": f"{api}/{part}" for part in ("hooks", "events", "merges", "deployments")},
            **_templates(api),
            "created_at": hosted.created_at,
            "updated_at": hosted.updated_at,
            "pushed_at": hosted.pushed_at,
            "permissions": {"admin": True, "maintain": True, "push": True, "triage": True, "pull": True},
        }

    def commit(self, hosted: Hosted, commit: Commit) -> Json:
        """Return a commit as the API shows it, without its files."""
        api, sha = f"{self.api}/repos/{hosted.full_name}", commit.id.decode()
        tree = commit.tree.decode()
        return {
            "sha": sha,
            "node_id": node("C", sha),
            "url": f"{api}/commits/{sha}",
            "html_url": f"{self.url}/{hosted.full_name}/commit/{sha}",
            "commit": {
                "author": person(commit.author, commit.author_time),
                "committer": person(commit.committer, commit.commit_time),
                "message": text(commit.message).rstrip("\n"),
                "tree": {"sha": tree, "url": f"{api}/git/trees/{tree}"},
                "url": f"{api}/git/commits/{sha}",
            },
            "author": None,
            "committer": None,
            "parents": [
                {"sha": parent.decode(), "url": f"{api}/commits/{parent.decode()}"}
                for parent in commit.parents
            ],
        }

    def pull(self, hosted: Hosted, pull: Pull) -> Json:
        """Return a pull request as lists and webhooks show it."""
        api, home = f"{self.api}/repos/{hosted.full_name}", f"{self.url}/{hosted.full_name}"
        return {
            "id": pull.id,
            "node_id": node("PR", str(pull.id)),
            "number": pull.number,
            "state": pull.state,
            "draft": pull.draft,
            "locked": False,
            "title": pull.title,
            "body": pull.body or None,
            "user": self.account(pull.author),
            "labels": [],
            "assignees": [],
            "requested_reviewers": [],
            "head": self._end(hosted, pull.head, pull.head_sha),
            "base": self._end(hosted, pull.base, pull.base_sha),
            "merged": pull.merged_at is not None,
            "merge_commit_sha": pull.merge_sha,
            "url": f"{api}/pulls/{pull.number}",
            "issue_url": f"{api}/issues/{pull.number}",
            "html_url": f"{home}/pull/{pull.number}",
            "created_at": pull.created_at,
            "updated_at": pull.updated_at,
            "closed_at": pull.closed_at,
            "merged_at": pull.merged_at,
        }

    def _end(self, hosted: Hosted, branch: str, sha: str) -> Json:
        return {
            "label": f"{hosted.owner}:{branch}",
            "ref": branch,
            "sha": sha,
            "user": self.account(hosted.owner),
            "repo": self.repository(hosted),
        }

    def hook(self, hook: Hook, path: str) -> Json:
        """Return a hook as the API shows it; its secret stays here. `path` is that of its hooks, below the API."""
        api = f"{self.api}/{path}/{hook.id}"
        return {
            "type": "Repository" if hook.scope.startswith("repo:") else "Organization",
            "id": hook.id,
            "name": "web",
            "active": hook.active,
            "events": list(hook.events),
            "config": {
                "url": hook.url,
                "content_type": "json",
                "insecure_ssl": "0",
                **({"secret": "********"} if hook.secret else {}),
            },
            "url": api,
            "ping_url": f"{api}/pings",
            "deliveries_url": f"{api}/deliveries",
            "created_at": hook.created_at,
            "updated_at": hook.updated_at,
        }


def _templates(api: str) -> Mapping[str, str]:
    return {
        "branches_url": f"{api}/branches{{/branch}}",
        "commits_url": f"{api}/commits{{/sha}}",
        "contents_url": f"{api}/contents/{{+path}}",
        "trees_url": f"{api}/git/trees{{/sha}}",
        "pulls_url": f"{api}/pulls{{/number}}",
    }


def person(identity: bytes, seconds: float) -> Json:
    """Read git's `Name <address>`."""
    name, _, address = text(identity).partition(" <")
    return {"name": name, "email": address.removesuffix(">"), "date": written(seconds)}


def text(raw: bytes) -> str:
    """Decode what is nearly always UTF-8."""
    return raw.decode("utf-8", "replace")


def number_of(name: str) -> int:
    """Give an account without a number of its own one that never changes."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:4])


def node(kind: str, name: str) -> str:
    """Return an opaque id, stable over restarts."""
    return f"{kind}_{hashlib.sha256(name.encode()).hexdigest()[:16]}"
