"""A forge, a git client and a hook's address for tests: all of them real, on loopback ports of their own."""

import hashlib
import hmac
import os
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socket import socket
from typing import Any

import httpx2
import orjson
import uvicorn

from sipario_forge.app import Forge
from sipario_forge.settings import SystemHook

USER, TOKEN = "ada", "a-token-for-tests"
_PATIENCE_SECONDS = 20


@dataclass(frozen=True)
class ServedForge:
    """A forge that answers at `url`; `rest` is its owner's client, `anonymous` everybody else's."""

    url: str
    forge: Forge
    rest: httpx2.Client
    anonymous: httpx2.Client

    def remote(self, full_name: str) -> str:
        """Return the address that git pushes to."""
        return f"{self.url.replace('://', f'://{USER}:{TOKEN}@')}/{full_name}.git"


@contextmanager
def served(data: Path, hooks: tuple[SystemHook, ...] = (), **options: Any) -> Iterator[ServedForge]:
    """Serve a forge by uvicorn in a thread, until the block ends."""
    with closing(socket()) as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()  # so that nobody is refused while the server starts
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        with closing(Forge(data, USER, TOKEN, url=url, hooks=hooks, **options)) as forge:
            server = uvicorn.Server(uvicorn.Config(forge, log_config=None, access_log=False))
            thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
            thread.start()
            try:
                with _client(url, {"Authorization": f"token {TOKEN}"}) as rest, _client(url, {}) as anonymous:
                    rest.get("/user").raise_for_status()
                    yield ServedForge(url, forge, rest, anonymous)
            finally:
                server.should_exit = True
                thread.join()


def _client(url: str, headers: dict[str, str]) -> httpx2.Client:
    return httpx2.Client(base_url=url, headers=headers, timeout=_PATIENCE_SECONDS, trust_env=False)


@dataclass(frozen=True)
class Git:
    """The git program in a folder, with nobody's configuration."""

    folder: Path

    def __call__(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run a git command; raises CalledProcessError unless told not to check."""
        return subprocess.run(  # noqa: S603 - tests say what they run
            ["git", *arguments],  # noqa: S607 - whichever git this machine has
            cwd=self.folder, env=os.environ | _GIT_ENVIRONMENT, capture_output=True, text=True,
            check=check, timeout=_PATIENCE_SECONDS * 3,
        )  # fmt: skip

    def says(self, *arguments: str) -> str:
        """Run a git command and return what it printed."""
        return self(*arguments).stdout.strip()

    def commit(self, files: dict[str, str], message: str = "a change") -> str:
        """Write files, commit them and return the commit's id."""
        for path, text in files.items():
            target = self.folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
        self("add", "--all")
        self("commit", "--quiet", "--allow-empty", "--message", message)
        return self.says("rev-parse", "HEAD")


_GIT_ENVIRONMENT = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_TERMINAL_PROMPT": "0",
    **{f"GIT_{who}_NAME": "Ada" for who in ("AUTHOR", "COMMITTER")},
    **{f"GIT_{who}_EMAIL": "ada@example.org" for who in ("AUTHOR", "COMMITTER")},
}


@dataclass(frozen=True)
class Told:
    """One delivery that arrived."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def event(self) -> str:
        """The event's name."""
        return self.headers["x-github-event"]

    @property
    def json(self) -> dict[str, Any]:
        """The payload."""
        payload: dict[str, Any] = orjson.loads(self.body)
        return payload

    def signed_with(self, secret: str) -> bool:
        """Whether the signature is this secret's, over the bytes that arrived."""
        digest = hmac.new(secret.encode(), self.body, hashlib.sha256).hexdigest()
        return hmac.compare_digest(self.headers.get("x-hub-signature-256", ""), f"sha256={digest}")


@dataclass
class HookReceiver:
    """Remembers what hooks were told; `answer` decides the status by the delivery."""

    url: str = ""
    answer: Callable[[Told], int] = lambda _: 202
    told: list[Told] = field(default_factory=list)
    changed: threading.Condition = field(default_factory=threading.Condition)

    def take(self, told: Told) -> int:
        """Remember a delivery and return the status to answer."""
        with self.changed:
            self.told.append(told)
            self.changed.notify_all()
        return self.answer(told)

    def wait_for(self, event: str, count: int = 1) -> list[Told]:
        """Return the deliveries of an event as soon as there are so many; raises TimeoutError."""
        with self.changed:
            if not self.changed.wait_for(lambda: len(self.of(event)) >= count, _PATIENCE_SECONDS):
                raise TimeoutError(
                    f"{len(self.of(event))} of {count} {event}; {[told.event for told in self.told]}"
                )
            return self.of(event)

    def of(self, event: str) -> list[Told]:
        """Return the deliveries of an event so far."""
        return [told for told in self.told if told.event == event]


@contextmanager
def receiving_hooks() -> Iterator[HookReceiver]:
    """Answer webhooks until the block ends."""
    receiver = HookReceiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            headers = {key.lower(): value for key, value in self.headers.items()}
            self.send_response(receiver.take(Told(self.path, headers, body)))
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name in the base class
            """Keep quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        receiver.url = f"http://127.0.0.1:{server.server_port}/hook"
        try:
            yield receiver
        finally:
            server.shutdown()
            thread.join()
