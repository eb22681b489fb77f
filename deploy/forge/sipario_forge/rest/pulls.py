"""Pull requests: `/pulls`."""

from typing import Literal

from dulwich.diff_tree import CHANGE_ADD, CHANGE_DELETE, tree_changes
from dulwich.graph import find_merge_base
from dulwich.repo import Repo
from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from sipario_forge.proposals import MergeWish, Proposals, commits_of
from sipario_forge.pulls import Proposal, Pull
from sipario_forge.reading import commit_of
from sipario_forge.registry import Hosted
from sipario_forge.rest.answers import Answering
from sipario_forge.rest.context import Context
from sipario_forge.shapes import Json, text


class NewPull(BaseModel):
    """The body of a new pull request; `head` may be `owner:branch`."""

    title: str
    head: str
    base: str
    body: str | None = None
    draft: bool = False


class PullChange(BaseModel):
    """The body of a change; what is absent stays."""

    title: str | None = None
    body: str | None = None
    base: str | None = None
    state: Literal["open", "closed"] | None = None


class Merge(BaseModel):
    """The body of a merge."""

    commit_title: str = ""
    commit_message: str = ""
    sha: str = ""
    merge_method: Literal["merge", "squash", "rebase"] = "merge"


def pulls(context: Context, proposals: Proposals) -> APIRouter:
    """Return the endpoints that open, list, change and merge."""
    api, table = APIRouter(prefix="/repos/{owner}/{name}/pulls"), context.pulls

    @api.post("")
    def create(request: Request, owner: str, name: str, body: NewPull, answer: Answering) -> Response:
        hosted, actor = context.writable(request, owner, name)
        head = body.head.removeprefix(f"{hosted.owner}:")
        proposal = Proposal(body.title, head, body.base, body=body.body or "", draft=body.draft)
        pull = proposals.open(hosted, proposal, actor)
        return answer.json(_whole(context, proposals, hosted, pull), status=201)

    @api.get("")
    def listed(
        request: Request,
        owner: str,
        name: str,
        answer: Answering,
        state: str = "open",
        head: str = "",
        base: str = "",
    ) -> Response:
        hosted = context.readable(request, owner, name)
        found = _matching(table.of_repository(hosted), state=state, head=head.rpartition(":")[2], base=base)
        return answer.page(found, lambda pull: context.shapes.pull(hosted, pull))

    @api.get("/{number:int}")
    def one(request: Request, owner: str, name: str, number: int, answer: Answering) -> Response:
        hosted = context.readable(request, owner, name)
        return answer.json(_whole(context, proposals, hosted, table.find(hosted, number)))

    @api.patch("/{number:int}")
    def change(
        request: Request, owner: str, name: str, number: int, body: PullChange, answer: Answering
    ) -> Response:
        hosted, actor = context.writable(request, owner, name)
        _change(proposals, hosted, table.find(hosted, number), body, actor)
        return answer.json(_whole(context, proposals, hosted, table.find(hosted, number)))

    @api.put("/{number:int}/merge")
    def merge(
        request: Request, owner: str, name: str, number: int, answer: Answering, body: Merge | None = None
    ) -> Response:
        hosted, actor = context.writable(request, owner, name)
        said = body or Merge()
        wish = MergeWish(said.merge_method, said.commit_title, said.commit_message, said.sha)
        sha = proposals.merge(hosted, table.find(hosted, number), wish, actor)
        return answer.json({"sha": text(sha), "merged": True, "message": "Pull Request successfully merged"})

    return api


def pull_parts(context: Context) -> APIRouter:
    """Return the endpoints that show what a pull request is made of."""
    api, table = APIRouter(prefix="/repos/{owner}/{name}/pulls"), context.pulls

    @api.get("/{number:int}/merge")
    def merged(request: Request, owner: str, name: str, number: int) -> Response:
        hosted = context.readable(request, owner, name)
        return Response(status_code=204 if table.find(hosted, number).merged_at else 404)

    @api.get("/{number:int}/commits")
    def commits(request: Request, owner: str, name: str, number: int, answer: Answering) -> Response:
        hosted = context.readable(request, owner, name)
        with context.host.reading(hosted) as repo:
            found = commits_of(repo, table.find(hosted, number))
        return answer.page(found, lambda commit: context.shapes.commit(hosted, commit))

    @api.get("/{number:int}/files")
    def files(request: Request, owner: str, name: str, number: int, answer: Answering) -> Response:
        hosted = context.readable(request, owner, name)
        with context.host.reading(hosted) as repo:
            found = _files(repo, table.find(hosted, number))
        return answer.page(found, lambda file: file)

    return api


def _matching(found: list[Pull], *, state: str, head: str, base: str) -> list[Pull]:
    wanted = (pull for pull in found if state in {"all", pull.state})
    return [pull for pull in wanted if head in {"", pull.head} and base in {"", pull.base}]


def _change(proposals: Proposals, hosted: Hosted, pull: Pull, body: PullChange, actor: str) -> None:
    if any(part is not None for part in (body.title, body.body, body.base)):
        title, base = body.title or pull.title, body.base or pull.base
        said = pull.body if body.body is None else body.body
        proposals.edit(hosted, pull, Proposal(title, pull.head, base, body=said), actor)
    if body.state == "closed" and pull.state == "open":
        proposals.close(hosted, pull, actor)
    if body.state == "open" and pull.state == "closed":
        proposals.reopen(hosted, pull, actor)


def _whole(context: Context, proposals: Proposals, hosted: Hosted, pull: Pull) -> Json:
    mergeable = proposals.mergeable(hosted, pull)
    states = {True: "clean", False: "dirty", None: "unknown"}
    with context.host.reading(hosted) as repo:
        counts = {"commits": len(commits_of(repo, pull)), "changed_files": len(_files(repo, pull))}
    shown = context.shapes.pull(hosted, pull) | counts
    return shown | {"mergeable": mergeable, "mergeable_state": states[mergeable]}


def _files(repo: Repo, pull: Pull) -> list[Json]:
    """Return what differs between the head and the commit at which it left the base."""
    commits = commits_of(repo, pull)
    if not commits:
        return []
    head, oldest = commits[-1], commits[0]
    base = find_merge_base(repo, [head.id, *oldest.parents[:1]]) if oldest.parents else []
    before = commit_of(repo, text(base[0])).tree if base else None
    changes = tree_changes(repo.object_store, before, head.tree)
    named = {CHANGE_ADD: "added", CHANGE_DELETE: "removed"}
    entries = [(change, change.old if change.type == CHANGE_DELETE else change.new) for change in changes]
    return [
        {"filename": text(entry.path), "status": named.get(change.type, "modified"), "sha": text(entry.sha)}
        for change, entry in entries
        if entry is not None and entry.path is not None and entry.sha is not None
    ]
