"""The forge put together: the only place where its parts are made."""

import fcntl
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from sipario_forge.access import Access, KnownHosts
from sipario_forge.courier import Courier
from sipario_forge.database import Database
from sipario_forge.errors import ForgeError
from sipario_forge.hooks import Hooks
from sipario_forge.host import Host
from sipario_forge.pages import Pages
from sipario_forge.payloads import Payloads
from sipario_forge.pulls import PullTable
from sipario_forge.registry import Registry
from sipario_forge.rest.answers import missed, misunderstood, refused
from sipario_forge.rest.bodies import JsonBodies
from sipario_forge.rest.context import Context
from sipario_forge.rest.routes import rest
from sipario_forge.settings import MEBIBYTE, SystemHook
from sipario_forge.shapes import Shapes
from sipario_forge.smart_http import SmartHttp
from sipario_forge.storage import Storage


class AlreadyRunning(RuntimeError):
    """Another forge holds the data folder."""


class Forge:
    """A Git host as an ASGI application; it delivers webhooks while `running()` (or its lifespan) lasts.

    `url` is where clients reach it, without a slash at the end; raises AlreadyRunning when the data are in use.
    """

    def __init__(
        self,
        data: Path,
        user: str,
        token: str,
        *,
        url: str,
        hosts: Iterable[str] = (),
        hooks: Iterable[SystemHook] = (),
        most_push_bytes: int = 1024 * MEBIBYTE,
    ) -> None:
        data.mkdir(parents=True, exist_ok=True)
        self._guard = _alone(data)
        self._database = Database(data / "forge.sqlite")
        storage = Storage(data / "repositories")
        shapes, table, pulls = Shapes(url, user), Hooks(self._database), PullTable(self._database)
        table.configure((hook.url, hook.secret.get_secret_value()) for hook in hooks)
        self._courier, payloads, access = Courier(table), Payloads(shapes), Access(user, token)
        registry = Registry(self._database, storage)
        self.host = Host(registry, storage, pulls=pulls, payloads=payloads, courier=self._courier)
        context = Context(self.host, access, shapes, table, pulls, payloads, self._courier)
        self.app = self._application(context, SmartHttp(self.host, access, most_push_bytes))
        self._asgi = KnownHosts(JsonBodies(self.app), hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        await self._asgi(scope, receive, send)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Deliver webhooks until the block ends; what a mounting application must enter itself."""
        async with self._courier.running():
            yield

    def close(self) -> None:
        """Let go of the data folder."""
        self._database.close()
        self._guard.close()

    def _application(self, context: Context, git: SmartHttp) -> FastAPI:
        @asynccontextmanager
        async def lifespan(_: FastAPI) -> AsyncIterator[None]:
            async with self.running():
                yield

        app = FastAPI(
            title="Forge", lifespan=lifespan, openapi_url=None, docs_url=None, redoc_url=None,
            redirect_slashes=False,
        )  # fmt: skip
        app.add_exception_handler(ForgeError, refused)
        app.add_exception_handler(RequestValidationError, misunderstood)
        app.add_exception_handler(HTTPException, missed)
        app.include_router(rest(context), prefix="/api/v3")
        app.include_router(rest(context))
        app.router.routes.extend([*git.routes(), Route("/health/{_}", healthy), *Pages(context).routes()])
        return app


def healthy(_: Request) -> Response:
    """Say that the forge answers."""
    return JSONResponse({"ready": True, "reason": ""})


def _alone(data: Path) -> "_Guard":
    guard = _Guard(data / "forge.lock")
    guard.take()
    return guard


class _Guard:
    """A lock on the data folder that dies with the process."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = path.open("a")

    def take(self) -> None:
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            self._file.close()
            raise AlreadyRunning(f"another forge is running on {self._path.parent}") from error

    def close(self) -> None:
        self._file.close()
