"""`sipario catalog query` says when there is more than it prints."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlsplit

import pytest
from sipario.cli import app
from typer.testing import CliRunner

THERE = 1_040


class Catalog(BaseHTTPRequestHandler):
    """A catalog of many components, page by page."""

    def do_GET(self) -> None:
        asked = parse_qs(urlsplit(self.path).query)
        start = int(asked.get("cursor", ["0"])[0])
        end = min(start + int(asked["limit"][0]), THERE)
        items = [{"kind": "Component", "metadata": {"name": f"c{at}"}} for at in range(start, end)]
        following = {"nextCursor": str(end)} if end < THERE else {}
        body = json.dumps({"items": items, "totalItems": THERE, "pageInfo": following}).encode()
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name in the base class
        """Say nothing."""


@pytest.fixture
def portal() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Catalog) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def queried(portal: str, *options: str) -> tuple[str, str]:
    """Return what is printed, and what is told beside it."""
    command = ["catalog", "query", "--url", portal, "--token", "x", *options]
    result = CliRunner().invoke(app, command, catch_exceptions=False)
    return result.stdout, result.stderr


def test_what_is_cut_is_told_beside_the_table(portal: str) -> None:
    printed, told = queried(portal)
    assert told == "100 of 1040; --limit N for more\n"
    assert len(printed.splitlines()) == 101


def test_what_is_cut_is_not_told_among_json(portal: str) -> None:
    printed, told = queried(portal, "--limit", "600", "--json")
    assert told == "600 of 1040; --limit N for more\n"
    assert len(json.loads(printed)) == 600


@pytest.mark.parametrize("limit", [THERE, 5_000])
def test_nothing_is_told_when_all_is_shown(portal: str, limit: int) -> None:
    printed, told = queried(portal, "--limit", str(limit))
    assert told == ""
    assert len(printed.splitlines()) == THERE + 1
