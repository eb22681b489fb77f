"""Hooks of repositories, organisations and of the whole forge (`/admin/hooks`), and their deliveries."""

import sqlite3
from collections.abc import Callable

import orjson
from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from sipario_forge.courier import headers
from sipario_forge.errors import Invalid
from sipario_forge.hooks import EVERYWHERE, Hook, Message, scope_of_organisation, scope_of_repository
from sipario_forge.names import owner_name
from sipario_forge.rest.answers import Answering
from sipario_forge.rest.context import Context
from sipario_forge.shapes import Json


class HookConfig(BaseModel):
    """Where to tell, and with which secret to sign."""

    url: str | None = None
    secret: str | None = None
    content_type: str = "json"


class HookBody(BaseModel):
    """The body of a new hook or a changed one; what is absent stays."""

    config: HookConfig = Field(default_factory=HookConfig)
    events: list[str] | None = None
    active: bool | None = None


class Place:
    """Where a request's hooks live: the scope, the path below the API, the repository if it is one."""

    def __init__(self, context: Context, request: Request) -> None:
        names = request.path_params
        self.actor = context.access.writer(request.headers)
        self.hosted = None
        self.scope, self.path = EVERYWHERE, "admin/hooks"
        if "name" in names:
            self.hosted = context.host.registry.find(names["owner"], names["name"])
            self.scope, self.path = scope_of_repository(self.hosted), f"repos/{self.hosted.full_name}/hooks"
        elif "owner" in names:
            owner = owner_name(names["owner"])
            self.scope, self.path = scope_of_organisation(owner), f"orgs/{owner}/hooks"


def hooks(context: Context, prefix: str) -> APIRouter:
    """Return the endpoints of hooks below one prefix: a repository's, an organisation's, or the forge's."""
    api, table = APIRouter(prefix=prefix), context.hooks

    def shape(place: Place) -> Callable[[Hook], Json]:
        return lambda hook: context.shapes.hook(hook, place.path)

    @api.get("")
    def listed(request: Request, answer: Answering) -> Response:
        place = Place(context, request)
        return answer.page(table.of_scope(place.scope), shape(place))

    @api.post("")
    def add(request: Request, body: HookBody, answer: Answering) -> Response:
        place = Place(context, request)
        hook = _added(context, place, body)
        context.courier.send(hook, context.payloads.ping(hook, place.hosted, place.actor))
        return answer.json(shape(place)(hook), status=201)

    @api.get("/{hook:int}")
    def show(request: Request, hook: int, answer: Answering) -> Response:
        place = Place(context, request)
        return answer.json(shape(place)(table.find(place.scope, hook)))

    @api.patch("/{hook:int}")
    def change(request: Request, hook: int, body: HookBody, answer: Answering) -> Response:
        place = Place(context, request)
        return answer.json(shape(place)(_changed(context, table.find(place.scope, hook), body)))

    @api.delete("/{hook:int}")
    def remove(request: Request, hook: int) -> Response:
        table.remove(table.find(Place(context, request).scope, hook))
        return Response(status_code=204)

    return api


def deliveries(context: Context, prefix: str) -> APIRouter:
    """Return the endpoints of what hooks below one prefix were told, and are to be told again."""
    api, table, courier = APIRouter(prefix=f"{prefix}/{{hook:int}}"), context.hooks, context.courier

    def found(request: Request, hook: int) -> Hook:
        return table.find(Place(context, request).scope, hook)

    @api.post("/pings")
    def ping(request: Request, hook: int) -> Response:
        place = Place(context, request)
        pinged = table.find(place.scope, hook)
        courier.send(pinged, context.payloads.ping(pinged, place.hosted, place.actor))
        return Response(status_code=204)

    @api.get("/deliveries")
    def listed(request: Request, hook: int, answer: Answering) -> Response:
        return answer.page(table.deliveries(found(request, hook)), _summary)

    @api.get("/deliveries/{delivery:int}")
    def one(request: Request, hook: int, delivery: int, answer: Answering) -> Response:
        told = found(request, hook)
        return answer.json(_whole(told, table.delivery(told, delivery)))

    @api.post("/deliveries/{delivery:int}/attempts")
    def again(request: Request, hook: int, delivery: int, answer: Answering) -> Response:
        told = found(request, hook)
        row = table.delivery(told, delivery)
        courier.send(told, Message(row["event"], row["action"], row["payload"]), guid=row["guid"])
        return answer.json({}, status=202)

    return api


def _added(context: Context, place: Place, body: HookBody) -> Hook:
    return context.hooks.add(
        place.scope,
        url=_address(body.config.url or ""),
        secret=body.config.secret or "",
        events=body.events if body.events is not None else ["push"],
        active=body.active is not False,
    )


def _changed(context: Context, hook: Hook, body: HookBody) -> Hook:
    return context.hooks.change(
        hook,
        url=_address(body.config.url) if body.config.url else hook.url,
        secret=hook.secret if body.config.secret is None else body.config.secret,
        events=hook.events if body.events is None else body.events,
        active=hook.active if body.active is None else body.active,
    )


def _address(url: str) -> str:
    if not url.startswith(("http://", "https://")):
        raise Invalid("config.url must be an http or https address")
    return url


def _summary(row: sqlite3.Row) -> Json:
    fields = ("id", "guid", "delivered_at", "duration", "status", "status_code", "event", "action")
    return {key: row[key] for key in fields} | {"redelivery": bool(row["redelivery"])}


def _whole(hook: Hook, row: sqlite3.Row) -> Json:
    message = Message(row["event"], row["action"], row["payload"])
    return _summary(row) | {
        "request": {"headers": headers(hook, row["guid"], message), "payload": orjson.loads(row["payload"])},
        "response": {"headers": {}, "payload": row["response"]},
    }
