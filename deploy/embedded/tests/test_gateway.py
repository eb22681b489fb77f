"""What the command makes of what a gateway answers, whatever that is."""

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from sipario.gateway import UnansweredError, ask, services
from sipario.rebuild import SENTENCES
from sipario_engines.ports import free_port

Answering = Callable[[int, bytes], str]


@pytest.fixture
def answering() -> Iterator[Answering]:
    """Give a gateway that always answers the same."""
    servers: list[HTTPServer] = []

    def begin(status: int, body: bytes) -> str:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(status)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        servers.append(HTTPServer(("127.0.0.1", 0), Handler))
        threading.Thread(target=servers[-1].serve_forever, args=(0.01,)).start()
        return f"http://127.0.0.1:{servers[-1].server_port}"

    yield begin
    for server in servers:
        server.shutdown()
        server.server_close()


def test_the_state_of_services_is_told(answering: Answering) -> None:
    told = {"search": {"ready": True, "reason": "", "lag": {}, "parked": 0}}
    assert services(answering(200, json.dumps(told).encode()), "token") == told


@pytest.mark.parametrize(
    ("status", "body", "message"),
    [
        (503, b'{"error": {"name": "X", "message": "The catalog is away."}}', "The catalog is away"),
        (500, b'{"detail": "broken"}', "answers 500"),
        (502, b"<html>", "does not answer"),
        (200, b"", "does not answer"),
    ],
)
def test_an_error_is_told_as_a_sentence(answering: Answering, status: int, body: bytes, message: str) -> None:
    with pytest.raises(UnansweredError, match=message):
        services(answering(status, body), "token")


def test_nobody_at_the_address_is_told() -> None:
    with pytest.raises(UnansweredError, match="does not answer"):
        ask(f"http://127.0.0.1:{free_port()}", "token", "/")


def test_what_a_rebuild_did_is_a_sentence() -> None:
    assert SENTENCES["graph"]({"entities": 3, "swept": 1, "seconds": 0.2}).startswith("The graph was built")
    assert "of 5 messages in 0.2 s." in SENTENCES["search"]({"read": 5, "skipped": 0, "seconds": 0.21})
    assert "2 could not be handled" in SENTENCES["search"]({"read": 5, "skipped": 2, "seconds": 0.2})
    assert SENTENCES["docs"]({"sites": 4}).startswith("4 sites")
