"""Users, organisations and their repositories."""

from collections.abc import Iterable

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from sipario_forge.errors import NotFound
from sipario_forge.host import Wanted
from sipario_forge.names import owner_name
from sipario_forge.registry import Hosted
from sipario_forge.rest.answers import Answering
from sipario_forge.rest.contents import first_commit
from sipario_forge.rest.context import Context


class NewRepository(BaseModel):
    """The body of a creation."""

    name: str
    description: str | None = None
    private: bool = False
    visibility: str | None = None
    auto_init: bool = False

    def wanted(self) -> Wanted:
        """Read it: `visibility` wins over `private`."""
        private = self.private if self.visibility is None else self.visibility != "public"
        return Wanted(self.name, private=private, description=self.description or "")


class RepositoryChange(BaseModel):
    """The body of a change; what is absent stays."""

    name: str | None = None
    description: str | None = None
    private: bool | None = None
    archived: bool | None = None
    default_branch: str | None = Field(default=None, min_length=1)


def repositories(context: Context) -> APIRouter:
    """Return the endpoints that make and change one."""
    api, host, shapes = APIRouter(), context.host, context.shapes

    def create(request: Request, owner: str, body: NewRepository) -> Hosted:
        actor = context.access.writer(request.headers)
        hosted = host.create(owner, body.wanted(), actor)
        if body.auto_init:
            first_commit(host, hosted, actor)
        return host.registry.by_id(hosted.id)

    @api.post("/user/repos")
    def create_own(request: Request, body: NewRepository, answer: Answering) -> Response:
        hosted = create(request, context.access.user, body)
        return answer.json(shapes.repository(hosted), status=201)

    @api.post("/orgs/{owner}/repos")
    def create_of_organisation(
        request: Request, owner: str, body: NewRepository, answer: Answering
    ) -> Response:
        hosted = create(request, owner_name(owner), body)
        return answer.json(shapes.repository(hosted), status=201)

    @api.get("/repos/{owner}/{name}")
    def show(request: Request, owner: str, name: str, answer: Answering) -> Response:
        return answer.json(shapes.repository(context.readable(request, owner, name)))

    @api.patch("/repos/{owner}/{name}")
    def change(
        request: Request, owner: str, name: str, body: RepositoryChange, answer: Answering
    ) -> Response:
        hosted, actor = context.writable(request, owner, name)
        return answer.json(shapes.repository(_changed(context, hosted, body, actor)))

    @api.delete("/repos/{owner}/{name}")
    def remove(request: Request, owner: str, name: str) -> Response:
        hosted, actor = context.writable(request, owner, name)
        host.remove(hosted, actor)
        return Response(status_code=204)

    return api


def accounts(context: Context) -> APIRouter:
    """Return the endpoints that show who there is, and lists of what is theirs."""
    api, host, shapes = APIRouter(), context.host, context.shapes

    def visible(request: Request, owner: str | None) -> list[Hosted]:
        everything = context.access.who(request.headers) is not None
        return _arranged(request, (one for one in host.registry.all(owner) if everything or not one.private))

    @api.get("/user")
    def user(request: Request, answer: Answering) -> Response:
        return answer.json(shapes.account(context.access.writer(request.headers)))

    @api.get("/users/{login}")
    @api.get("/orgs/{login}")
    def account(login: str, answer: Answering) -> Response:
        if login.lower() != context.access.user.lower() and not host.registry.all(login):
            raise NotFound
        return answer.json(shapes.account(login))

    @api.get("/user/repos")
    def list_own(request: Request, answer: Answering) -> Response:
        context.access.writer(request.headers)
        return answer.page(visible(request, None), shapes.repository)

    @api.get("/orgs/{owner}/repos")
    @api.get("/users/{owner}/repos")
    def list_of(request: Request, owner: str, answer: Answering) -> Response:
        return answer.page(visible(request, owner), shapes.repository)

    return api


def _changed(context: Context, hosted: Hosted, body: RepositoryChange, actor: str) -> Hosted:
    if body.default_branch and body.default_branch != hosted.default_branch:
        hosted = context.host.point_head(hosted, body.default_branch, actor)
    if body.name and body.name != hosted.name:
        hosted = context.host.rename(hosted, body.name, actor)
    return context.host.describe(
        hosted,
        description=hosted.description if body.description is None else body.description,
        private=hosted.private if body.private is None else body.private,
        archived=hosted.archived if body.archived is None else body.archived,
        actor=actor,
    )


def _arranged(request: Request, found: Iterable[Hosted]) -> list[Hosted]:
    """Order a list as `sort` and `direction` say; by full name when they say nothing."""
    keys = {"created": "created_at", "updated": "updated_at", "pushed": "pushed_at"}
    key = keys.get(request.query_params.get("sort", ""), "full_name")
    falling = request.query_params.get("direction", "asc" if key == "full_name" else "desc") == "desc"
    return sorted(found, key=lambda one: (str(getattr(one, key)).lower(), one.id), reverse=falling)
