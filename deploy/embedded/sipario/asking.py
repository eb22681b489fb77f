"""How commands speak to a portal: one that runs here, or any other by its address and a token."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

import httpx2

from sipario.data import Data, DataError

SECONDS = 60.0


class Refused(DataError):
    """A portal does not do what was asked; `status` is that of HTTP."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


class Portal:
    """A portal that is asked over HTTP. Raises `DataError` with what it says when it refuses."""

    def __init__(self, url: str, token: str, transport: httpx2.BaseTransport | None = None) -> None:
        self.url = url.rstrip("/")
        headers = {"authorization": f"Bearer {token}"} if token else {}
        self._client = httpx2.Client(headers=headers, timeout=SECONDS, transport=transport)

    def __enter__(self) -> Self:
        """Hold connections."""
        return self

    def __exit__(self, *_: object) -> None:
        """Let go of them."""
        self._client.close()

    @classmethod
    def found(cls, url: str | None, token: str | None, data: Path | None) -> Self:
        """Take address and token as given, else from the environment, else those of the portal that runs here."""
        url, token = url or os.environ.get("SIPARIO_URL"), token or os.environ.get("SIPARIO_TOKEN")
        if url and not token:
            raise DataError(f"A token for {url} is missing: give --token or SIPARIO_TOKEN.")
        if url and token:
            return cls(url, token)
        folder = Data(data) if data else Data.usual()
        state = folder.run_state()
        if state is None or not folder.is_held():
            raise DataError(f"No Sipario is up on {folder.folder}. Name one with --url and --token.")
        return cls(state["gateway"], state["token"])

    def get(self, path: str, params: Mapping[str, Any] | None = None) -> Any:
        """Return what a GET answers."""
        return self._asked("GET", path, params=params)

    def post(self, path: str, body: Any) -> Any:
        """Return what a POST answers."""
        return self._asked("POST", path, json=body)

    def _asked(self, method: str, path: str, **values: Any) -> Any:
        try:
            answer = self._client.request(method, self.url + path, **values)
        except httpx2.HTTPError as error:
            raise DataError(f"{self.url} does not answer: {error}") from error
        if answer.is_error:
            raise Refused(_refusal(answer), answer.status_code)
        return answer.json()


def _refusal(answer: httpx2.Response) -> str:
    try:
        return str(answer.json()["error"]["message"])
    except (ValueError, KeyError, TypeError):
        return f"{answer.url} answers {answer.status_code}"
