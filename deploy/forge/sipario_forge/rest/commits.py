"""Branches and commits."""

from datetime import datetime

from dulwich.objects import Commit
from dulwich.repo import Repo
from fastapi import APIRouter, Request, Response

from sipario_forge.errors import Invalid, NotFound
from sipario_forge.names import content_path
from sipario_forge.payloads import changed_paths
from sipario_forge.reading import branch_head, commit_of
from sipario_forge.registry import Hosted
from sipario_forge.rest.answers import Answering
from sipario_forge.rest.context import Context
from sipario_forge.shapes import Json, text


def commits(context: Context) -> APIRouter:
    """Return the endpoints."""
    api, home = APIRouter(), "/repos/{owner}/{name}"

    @api.get(home + "/branches")
    def branches(request: Request, owner: str, name: str, answer: Answering) -> Response:
        hosted = context.readable(request, owner, name)
        with context.host.reading(hosted) as repo:
            refs = sorted(repo.get_refs().items())
        heads = [(text(ref)[11:], text(sha)) for ref, sha in refs if ref.startswith(b"refs/heads/")]
        return answer.page(heads, lambda head: _branch(context, hosted, *head))

    @api.get(home + "/branches/{branch:path}")
    def branch(request: Request, owner: str, name: str, branch: str, answer: Answering) -> Response:
        hosted = context.readable(request, owner, name)
        with context.host.reading(hosted) as repo:
            head = branch_head(repo, branch)
            if head is None:
                raise NotFound("Branch not found")
            commit = context.shapes.commit(hosted, commit_of(repo, text(head)))
        return answer.json(_branch(context, hosted, branch, text(head)) | {"commit": commit})

    @api.get(home + "/commits")
    def listed(request: Request, owner: str, name: str, answer: Answering) -> Response:
        hosted = context.readable(request, owner, name)
        with context.host.reading(hosted) as repo:
            found = _walk(repo, request, answer.last_shown + 1)
        return answer.endless(found, lambda commit: context.shapes.commit(hosted, commit))

    @api.get(home + "/commits/{ref:path}")
    def one(request: Request, owner: str, name: str, ref: str, answer: Answering) -> Response:
        hosted = context.readable(request, owner, name)
        with context.host.reading(hosted) as repo:
            commit = commit_of(repo, ref)
            if request.headers.get("accept", "").endswith(".sha"):
                return Response(commit.id, media_type="application/vnd.github.sha")
            return answer.json(context.shapes.commit(hosted, commit) | {"files": files_of(repo, commit)})

    return api


def files_of(repo: Repo, commit: Commit) -> list[Json]:
    """Return the files that a commit changed against its first parent, with GitHub's status of each."""
    changed = changed_paths(repo.object_store, commit)
    return sorted(
        ({"filename": path, "status": status} for status, paths in changed.items() for path in paths),
        key=lambda file: file["filename"],
    )


def _branch(context: Context, hosted: Hosted, branch: str, sha: str) -> Json:
    url = f"{context.shapes.api}/repos/{hosted.full_name}/commits/{sha}"
    return {"name": branch, "commit": {"sha": sha, "url": url}, "protected": False}


def _walk(repo: Repo, request: Request, most: int) -> list[Commit]:
    query = request.query_params
    start = commit_of(repo, query.get("sha", "HEAD"))
    paths = [b"/".join(content_path(query["path"]))] if query.get("path") else None
    walker = repo.get_walker(
        include=[start.id],
        paths=paths,
        max_entries=most,
        since=_seconds(query.get("since")),
        until=_seconds(query.get("until")),
    )
    return [entry.commit for entry in walker]


def _seconds(moment: str | None) -> int | None:
    try:
        return int(datetime.fromisoformat(moment).timestamp()) if moment else None
    except ValueError as error:
        raise Invalid(f"{moment!r} is no ISO 8601 time") from error
