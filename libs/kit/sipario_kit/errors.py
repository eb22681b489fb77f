"""Errors that carry their HTTP status, and the error body that Backstage's clients read.

StatusError
├─ InvalidInput      400
├─ Unauthenticated   401
├─ NotAllowed        403
├─ NotFound          404
├─ Conflict          409
└─ Unavailable       503
EngineUnavailable     an engine is away: wait for it, park nothing
StoreForgotten        a store lost what it had: begin anew, park nothing
"""

from typing import ClassVar

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel
from sipario_ledger import LedgerUnavailable
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

log = structlog.get_logger(__name__)

MOST_FLAWS = 10


class Wrong(BaseModel):
    """What is wrong; `name` is the one that clients look at."""

    name: str
    message: str


class Asked(BaseModel):
    """The request that was wrong."""

    method: str
    url: str


class Answered(BaseModel):
    """The status, once more."""

    statusCode: int  # noqa: N815 - as clients spell it


class ErrorAnswer(BaseModel):
    """The body of every answer that is no success, as Backstage's clients read it."""

    error: Wrong
    request: Asked
    response: Answered


class StatusError(Exception):
    """Something a caller did, or must know of. `name` is the one that Backstage's clients look at."""

    status: ClassVar[int] = 500
    name: ClassVar[str] = "Error"


class InvalidInput(StatusError):
    """What was sent cannot be right; the message says what to mend."""

    status = 400
    name = "InputError"


class Unauthenticated(StatusError):
    """Nobody known is asking."""

    status = 401
    name = "AuthenticationError"


class NotAllowed(StatusError):
    """Somebody known is asking who may not."""

    status = 403
    name = "NotAllowedError"


class NotFound(StatusError):
    """There is no such thing, or none that the caller may see."""

    status = 404
    name = "NotFoundError"


class Conflict(StatusError):
    """Something there already stands against it."""

    status = 409
    name = "ConflictError"


class Unavailable(StatusError):
    """Not now: something that this depends on is away. Try again."""

    status = 503
    name = "ServiceUnavailableError"


class EngineUnavailable(Exception):
    """The engine behind a store does not answer. Adapters raise it; projections wait until it is back."""


class StoreForgotten(Exception):
    """The store that a projection wrote to is gone, and its checkpoint with it: all must be heard again."""


NAMES = {error.status: error.name for error in StatusError.__subclasses__()}


def error_body(request: Request, status: int, name: str, message: str) -> Response:
    """Render an error as Backstage does."""
    body = ErrorAnswer(
        error=Wrong(name=name, message=message),
        request=Asked(method=request.method, url=request.url.path),
        response=Answered(statusCode=status),
    )
    headers = {"Retry-After": "1"} if status == 503 else None
    return JSONResponse(body.model_dump(), status, headers=headers)


async def _known(request: Request, error: Exception) -> Response:
    assert isinstance(error, StatusError)
    return error_body(request, error.status, error.name, str(error))


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return error_body(request, error.status_code, NAMES.get(error.status_code, "Error"), str(error.detail))


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    where = "; ".join(
        f"{'.'.join(str(part) for part in each['loc'])}: {each['msg']}"
        for each in error.errors()[:MOST_FLAWS]
    )
    return error_body(request, 400, InvalidInput.name, where)


async def _away(request: Request, error: Exception) -> Response:
    return error_body(request, 503, Unavailable.name, str(error))


async def _unexpected(request: Request, error: Exception) -> Response:
    log.error("request failed", path=request.url.path, exc_info=error)
    return error_body(request, 500, "Error", "Something went wrong in Sipario; its log says what.")


def install_error_handlers(app: FastAPI) -> None:
    """Let every error of `app` leave in Backstage's shape, and its document say so; before any route is added."""
    app.router.responses["default"] = {"model": ErrorAnswer, "description": "What is wrong"}
    app.add_exception_handler(StatusError, _known)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(EngineUnavailable, _away)
    app.add_exception_handler(LedgerUnavailable, _away)
    app.add_exception_handler(Exception, _unexpected)
