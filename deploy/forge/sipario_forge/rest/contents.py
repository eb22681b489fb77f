"""Files at a commit, read and written: `/contents/{path}`."""

import base64
import binascii

from dulwich.objects import ObjectID
from dulwich.repo import Repo
from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from sipario_forge.errors import Conflict, Invalid, NotFound
from sipario_forge.host import Host
from sipario_forge.names import content_path
from sipario_forge.reading import Found, branch_head, children, commit_of, content, entry_at
from sipario_forge.receiving import ZERO, Update
from sipario_forge.registry import Hosted
from sipario_forge.rest.answers import Answering
from sipario_forge.rest.context import Context
from sipario_forge.shapes import Json, text
from sipario_forge.writing import Note, Signature, add_commit, with_file

_MOST_INLINE = 1024 * 1024


class Who(BaseModel):
    """An author or committer."""

    name: str
    email: str

    def signature(self) -> Signature:
        """Return it as commits need it."""
        return Signature(self.name, self.email)


class FileChange(BaseModel):
    """The body of PUT and DELETE; `content` is base64, `sha` that of the file it replaces."""

    message: str
    content: str | None = None
    sha: str | None = None
    branch: str | None = None
    author: Who | None = None
    committer: Who | None = None

    def note(self, actor: str) -> Note:
        """Return what the commit will say."""
        committer = (
            self.committer.signature() if self.committer else Signature(actor, f"{actor}@forge.invalid")
        )
        return Note(self.message, self.author.signature() if self.author else committer, committer)

    def bytes(self) -> bytes:
        """Return the new content; raises Invalid."""
        try:
            return base64.b64decode("".join((self.content or "").split()), validate=True)
        except binascii.Error as error:
            raise Invalid("content is not valid Base64") from error


def contents(context: Context) -> APIRouter:
    """Return the endpoints."""
    api, path = APIRouter(), "/repos/{owner}/{name}/contents"

    @api.get(path)
    @api.get(path + "/{place:path}")
    def show(
        request: Request, owner: str, name: str, answer: Answering, place: str = "", ref: str = "HEAD"
    ) -> Response:
        hosted = context.readable(request, owner, name)
        with context.host.reading(hosted) as repo:
            commit = commit_of(repo, ref)
            found = entry_at(repo.object_store, commit.tree, content_path(place))
            if "raw" in request.headers.get("accept", "") and found.kind != "dir":
                return Response(content(repo.object_store, found), media_type="application/octet-stream")
            at = text(commit.id) if ref == "HEAD" else ref
            return answer.json(_shown(context, hosted, repo, found, ref=at))

    @api.put(path + "/{place:path}")
    def put(
        request: Request, owner: str, name: str, place: str, body: FileChange, answer: Answering
    ) -> Response:
        hosted, actor = context.writable(request, owner, name)
        if body.content is None:
            raise Invalid('Invalid request.\n\n"content" wasn\'t supplied.')
        existed, shown = _written(context, hosted, content_path(place), body, actor)
        return answer.json(shown, status=200 if existed else 201)

    @api.delete(path + "/{place:path}")
    def remove(
        request: Request, owner: str, name: str, place: str, body: FileChange, answer: Answering
    ) -> Response:
        hosted, actor = context.writable(request, owner, name)
        removal = body.model_copy(update={"content": None})
        return answer.json(_written(context, hosted, content_path(place), removal, actor)[1])

    return api


def first_commit(host: Host, hosted: Hosted, actor: str) -> None:
    """Give a new repository a README, as `auto_init` asks."""
    who = Signature(actor, f"{actor}@forge.invalid")
    with host.writing(hosted) as repo:
        readme = f"# {hosted.name}\n\n{hosted.description}".rstrip() + "\n"
        tree = with_file(repo.object_store, None, (b"README.md",), readme.encode())
        commit = add_commit(repo, tree, [], Note("Initial commit", who, who))
        host.set_ref(hosted, repo, Update(f"refs/heads/{hosted.default_branch}", ZERO, commit), actor)


def _written(
    context: Context, hosted: Hosted, path: tuple[bytes, ...], body: FileChange, actor: str
) -> tuple[bool, Json]:
    """Commit one file's change on a branch; returns whether the file existed, and the answer."""
    if not path:
        raise Invalid("a file needs a path")
    branch = body.branch or hosted.default_branch
    with context.host.writing(hosted) as repo:
        head, store = branch_head(repo, branch), repo.object_store
        if head is None and repo.get_refs():
            raise NotFound(f"Branch {branch} not found")
        root = commit_of(repo, text(head)).tree if head else None
        existed = _check_replaced(repo, root, path, body)
        tree = with_file(store, root, path, None if body.content is None else body.bytes())
        commit = add_commit(repo, tree, [head] if head else [], body.note(actor))
        context.host.set_ref(hosted, repo, Update(f"refs/heads/{branch}", head or ZERO, commit), actor)
        shown = None
        if body.content is not None:
            shown = _shown(context, hosted, repo, entry_at(store, tree, path), ref=branch)
        return existed, {
            "content": shown,
            "commit": context.shapes.commit(hosted, commit_of(repo, text(commit))),
        }


def _check_replaced(repo: Repo, root: ObjectID | None, path: tuple[bytes, ...], body: FileChange) -> bool:
    """Say whether the file is there; raises unless the request knows which version it replaces."""
    try:
        old = entry_at(repo.object_store, root, path) if root else None
    except NotFound:
        old = None
    if old is None and body.content is None:
        raise NotFound
    if old is not None and body.sha is None:
        raise Invalid('Invalid request.\n\n"sha" wasn\'t supplied.')
    if old is not None and body.sha != text(old.sha):
        raise Conflict(f"{text(old.path)} does not match {body.sha}")
    return old is not None


def _shown(context: Context, hosted: Hosted, repo: Repo, found: Found, *, ref: str) -> Json | list[Json]:
    if found.kind == "dir":
        return [_entry(context, hosted, repo, child, ref) for child in children(repo.object_store, found)]
    shown = _entry(context, hosted, repo, found, ref)
    if found.kind == "file":
        data = content(repo.object_store, found)
        small = len(data) <= _MOST_INLINE
        shown |= {"encoding": "base64" if small else "none", "content": ""}
        shown |= {"content": base64.encodebytes(data).decode()} if small else {}
    return shown


def _entry(context: Context, hosted: Hosted, repo: Repo, found: Found, ref: str) -> Json:
    path, sha = text(found.path), text(found.sha)
    api, home = f"{context.shapes.api}/repos/{hosted.full_name}", f"{context.shapes.url}/{hosted.full_name}"
    page = f"{home}/{'tree' if found.kind == 'dir' else 'blob'}/{ref}/{path}"
    url = f"{api}/contents/{path}?ref={ref}"
    store = repo.object_store
    size = len(content(store, found)) if found.kind in {"file", "symlink"} else 0
    git_url = f"{api}/git/{'trees' if found.kind == 'dir' else 'blobs'}/{sha}"
    return {
        "type": found.kind,
        "name": path.rpartition("/")[2],
        "path": path,
        "sha": sha,
        "size": size,
        "url": url,
        "html_url": page,
        "git_url": git_url,
        "download_url": f"{home}/raw/{ref}/{path}" if found.kind == "file" else None,
        **({"target": text(content(store, found))} if found.kind == "symlink" else {}),
        "_links": {"self": url, "git": git_url, "html": page},
    }
