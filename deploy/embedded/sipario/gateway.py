"""Questions to the gateway of a portal that runs here, as its operator: quick to load, and past every proxy."""

import json
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import urlsplit

STATUS_SECONDS = 10.0


class UnansweredError(Exception):
    """The gateway does not answer, or refuses; the message says which and why."""


def ask(gateway: str, token: str, path: str, *, method: str = "GET", seconds: float = STATUS_SECONDS) -> Any:
    """Return what the JSON of an answer says; raises `UnansweredError`."""
    connection = HTTPConnection(urlsplit(gateway).netloc, timeout=seconds)
    try:
        connection.request(method, path, headers={"Authorization": f"Bearer {token}"})
        answer = connection.getresponse()
        told = json.loads(answer.read())
    except (OSError, HTTPException, ValueError) as error:
        raise UnansweredError(f"{gateway} does not answer: {error!r}") from error
    finally:
        connection.close()
    if answer.status >= 400:
        refusal = told.get("error") if isinstance(told, dict) else None
        message = refusal.get("message") if isinstance(refusal, dict) else None
        raise UnansweredError(str(message or f"{gateway}{path} answers {answer.status}"))
    return told


def services(gateway: str, token: str) -> dict[str, dict[str, Any]]:
    """Tell for every service whether it is `ready`, the `reason` if not, its `lag` and how much it `parked`."""
    told = ask(gateway, token, "/api/status")
    return {name: dict(each) for name, each in told.items()}
