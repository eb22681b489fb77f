"""Git's own objects and refs: `/git/…`."""

import base64
from itertools import islice

from dulwich.objects import Blob, Commit, ObjectID, ShaFile, Tree, valid_hexsha
from dulwich.refs import Ref, check_ref_format
from dulwich.repo import Repo
from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from sipario_forge.errors import Invalid, NotFound
from sipario_forge.history import new_commits
from sipario_forge.reading import Found, commit_of, content, descendants
from sipario_forge.reading import children as children_of
from sipario_forge.receiving import ZERO, Update
from sipario_forge.registry import Hosted
from sipario_forge.rest.answers import Answering
from sipario_forge.rest.context import Context
from sipario_forge.shapes import Json, text

_MOST_ENTRIES = 100_000
_GIT_KIND = {"dir": "tree", "submodule": "commit"}


class NewRef(BaseModel):
    """The body of a new ref, `refs/heads/…` or `refs/tags/…`."""

    ref: str
    sha: str


class RefMove(BaseModel):
    """The body of a moved ref; without `force` only forwards."""

    sha: str
    force: bool = False


def objects(context: Context) -> APIRouter:
    """Return the endpoints that read trees, blobs and commits."""
    api, home = APIRouter(), "/repos/{owner}/{name}/git"

    @api.get(home + "/trees/{ref:path}")
    def tree(
        request: Request, owner: str, name: str, ref: str, answer: Answering, recursive: str = ""
    ) -> Response:
        hosted = context.readable(request, owner, name)
        with context.host.reading(hosted) as repo:
            root = Found(b"", 0o040000, _tree_id(repo, ref))
            below = descendants if recursive else children_of
            found = list(islice(below(repo.object_store, root), _MOST_ENTRIES + 1))
            shown = [_entry(context, hosted, repo, entry) for entry in found[:_MOST_ENTRIES]]
        url = f"{context.shapes.api}/repos/{hosted.full_name}/git/trees/{text(root.sha)}"
        truncated = len(found) > _MOST_ENTRIES
        return answer.json({"sha": text(root.sha), "url": url, "tree": shown, "truncated": truncated})

    @api.get(home + "/blobs/{sha}")
    def blob(request: Request, owner: str, name: str, sha: str, answer: Answering) -> Response:
        hosted = context.readable(request, owner, name)
        with context.host.reading(hosted) as repo:
            found = _object(repo, sha)
        if not isinstance(found, Blob):
            raise NotFound
        encoded = base64.encodebytes(found.data).decode()
        return answer.json({"sha": sha, "size": len(found.data), "encoding": "base64", "content": encoded})

    @api.get(home + "/commits/{sha}")
    def commit(request: Request, owner: str, name: str, sha: str, answer: Answering) -> Response:
        hosted = context.readable(request, owner, name)
        with context.host.reading(hosted) as repo:
            found = _object(repo, sha)
        if not isinstance(found, Commit):
            raise NotFound
        whole = context.shapes.commit(hosted, found)
        return answer.json(whole["commit"] | {key: whole[key] for key in ("sha", "html_url", "parents")})

    return api


def references(context: Context) -> APIRouter:
    """Return the endpoints that read refs."""
    api, home = APIRouter(), "/repos/{owner}/{name}/git"

    def matching(request: Request, owner: str, name: str, prefix: str) -> list[Json]:
        hosted = context.readable(request, owner, name)
        with context.host.reading(hosted) as repo:
            refs = sorted(repo.get_refs().items())
            names = [(ref, sha) for ref, sha in refs if ref.startswith(f"refs/{prefix}".encode())]
            return [_ref(context, hosted, repo, ref, sha) for ref, sha in names]

    @api.get(home + "/refs")
    @api.get(home + "/matching-refs/{prefix:path}")
    def listed(request: Request, owner: str, name: str, answer: Answering, prefix: str = "") -> Response:
        return answer.page(matching(request, owner, name, prefix), lambda ref: ref)

    @api.get(home + "/ref/{ref:path}")
    @api.get(home + "/refs/{ref:path}")
    def one(request: Request, owner: str, name: str, ref: str, answer: Answering) -> Response:
        for found in matching(request, owner, name, ref):
            if found["ref"] == f"refs/{ref}":
                return answer.json(found)
        raise NotFound

    return api


def reference_moves(context: Context) -> APIRouter:
    """Return the endpoints that create, move and delete refs."""
    api, home, host = APIRouter(), "/repos/{owner}/{name}/git", context.host

    @api.post(home + "/refs")
    def create(request: Request, owner: str, name: str, body: NewRef, answer: Answering) -> Response:
        hosted, actor = context.writable(request, owner, name)
        with host.writing(hosted) as repo:
            if Ref(body.ref.encode()) in repo.get_refs():
                raise Invalid("Reference already exists")
            shown = _moved(
                context, hosted, repo, Update(_checked(body.ref), ZERO, _commit_id(repo, body.sha)), actor
            )
        return answer.json(shown, status=201)

    @api.patch(home + "/refs/{ref:path}")
    def move(request: Request, owner: str, name: str, ref: str, body: RefMove, answer: Answering) -> Response:
        hosted, actor = context.writable(request, owner, name)
        with host.writing(hosted) as repo:
            before, after = _current(repo, f"refs/{ref}"), _commit_id(repo, body.sha)
            if not body.force and new_commits(repo.object_store, [before], [after]):
                raise Invalid("Update is not a fast forward")
            return answer.json(_moved(context, hosted, repo, Update(f"refs/{ref}", before, after), actor))

    @api.delete(home + "/refs/{ref:path}")
    def remove(request: Request, owner: str, name: str, ref: str) -> Response:
        hosted, actor = context.writable(request, owner, name)
        if ref == f"heads/{hosted.default_branch}":
            raise Invalid("Cannot delete the default branch")
        with host.writing(hosted) as repo:
            host.set_ref(hosted, repo, Update(f"refs/{ref}", _current(repo, f"refs/{ref}"), ZERO), actor)
        return Response(status_code=204)

    return api


def _moved(context: Context, hosted: Hosted, repo: Repo, update: Update, actor: str) -> Json:
    context.host.set_ref(hosted, repo, update, actor)
    return _ref(context, hosted, repo, Ref(update.ref.encode()), update.after)


def _checked(ref: str) -> str:
    if not ref.startswith(("refs/heads/", "refs/tags/")) or not check_ref_format(Ref(ref.encode())):
        raise Invalid(f"{ref!r} is not a valid ref name")
    return ref


def _current(repo: Repo, ref: str) -> ObjectID:
    sha = repo.get_refs().get(Ref(ref.encode()))
    if sha is None:
        raise Invalid("Reference does not exist")
    return sha


def _commit_id(repo: Repo, sha: str) -> ObjectID:
    try:
        return commit_of(repo, sha).id
    except NotFound as error:
        raise Invalid("Object does not exist") from error


def _object(repo: Repo, sha: str) -> ShaFile:
    if not valid_hexsha(sha.encode()) or ObjectID(sha.encode()) not in repo.object_store:
        raise NotFound
    return repo.object_store[ObjectID(sha.encode())]


def _tree_id(repo: Repo, ref: str) -> ObjectID:
    try:
        if isinstance(_object(repo, ref), Tree):
            return ObjectID(ref.encode())
    except NotFound:
        pass
    tree: ObjectID = commit_of(repo, ref).tree
    return tree


def _entry(context: Context, hosted: Hosted, repo: Repo, found: Found) -> Json:
    kind, sha = _GIT_KIND.get(found.kind, "blob"), text(found.sha)
    shown: Json = {"path": text(found.path), "mode": f"{found.mode:06o}", "type": kind, "sha": sha}
    if kind == "blob":
        shown["size"] = len(content(repo.object_store, found))
    if kind != "commit":
        shown["url"] = f"{context.shapes.api}/repos/{hosted.full_name}/git/{kind}s/{sha}"
    return shown


def _ref(context: Context, hosted: Hosted, repo: Repo, ref: Ref, sha: ObjectID) -> Json:
    api, kind = f"{context.shapes.api}/repos/{hosted.full_name}/git", text(repo.object_store[sha].type_name)
    target = {"type": kind, "sha": text(sha), "url": f"{api}/{kind}s/{text(sha)}"}
    return {"ref": text(ref), "url": f"{api}/{text(ref)}", "object": target}
