# ruff: noqa: E501 - files and attacks are written as they are
"""What is answered: Backstage's shapes, nothing but what a manifest names, and nothing that a browser runs."""

import json
import os
from collections.abc import AsyncIterator, MutableMapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import httpx2
import pytest
from fastapi import FastAPI
from sipario_techdocs.api import api

OPENAPI = Path(__file__).parents[1] / "openapi.json"
WHOSE = "default/component/tickets"
STATIC = f"/api/techdocs/static/docs/{WHOSE}"
PAGES = f"/api/techdocs/pages/{WHOSE}"
FILES = {
    "mkdocs.yml": "site_name: Tickets\nsite_description: How to sell\nnav:\n  - Home: index.md\n  - Guide:\n    - guide/start.md\n    - Web: https://example.org\n",
    "docs/index.md": "# Tickets\n\n[broken](nowhere.md)\n",
    "docs/guide/start.md": "---\ndescription: First steps\n---\n# Start\n\n## Doors\n",
    "docs/img/plan.svg": "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'><script>alert(1)</script></svg>",
    "docs/app.js": "alert(1)",
    "docs/raw.html": "<script>alert(1)</script>",
    "docs/form.pdf": b"%PDF",
    "docs/a b.png": b"\x89PNG",
    "docs/.hidden": "secret",
    "secret.txt": "secret",
}


@pytest.fixture
async def client(desk: Any) -> AsyncIterator[httpx2.AsyncClient]:
    desk.put(FILES)
    await desk.entity()
    await desk.work()
    transport = httpx2.ASGITransport(api(desk), raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url="http://t") as client:
        yield client


async def test_metadata_has_the_fields_of_backstage_and_more(client: httpx2.AsyncClient) -> None:
    answer = await client.get(f"/api/techdocs/metadata/techdocs/{WHOSE}")
    told = answer.json()
    assert told["site_name"] == "Tickets"
    assert told["site_description"] == "How to sell"
    assert told["engine"] == "sipario"
    assert told["build_timestamp"] > 1_700_000_000_000
    assert {"index.html", "guide/start/index.html", "img/plan.svg"} <= set(told["files"])
    assert told["nav"] == [
        {"title": "Home", "path": ""},
        {
            "title": "Guide",
            "children": [
                {"title": "Start", "path": "guide/start/"},
                {"title": "Web", "href": "https://example.org"},
            ],
        },
    ]
    assert told["problems"][0]["message"] == "the link nowhere.md leads nowhere"
    assert len(told["commit"]) == 40
    again = await client.get(answer.url, headers={"if-none-match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


async def test_metadata_of_the_entity_tells_where_it_was_read(client: httpx2.AsyncClient) -> None:
    told = (await client.get(f"/api/techdocs/metadata/entity/{WHOSE}")).json()
    assert told["metadata"]["name"] == "tickets"
    assert told["locationMetadata"]["type"] == "url"
    assert (await client.get("/api/techdocs/metadata/entity/default/component/none")).status_code == 404


@pytest.mark.parametrize(
    "path", ["guide/start/", "guide/start", "guide/start/index.html", "guide/start.html", "guide/start.md"]
)
async def test_a_page_is_found_however_it_is_spelled(client: httpx2.AsyncClient, path: str) -> None:
    told = (await client.get(f"{PAGES}/{path}")).json()
    assert told["title"] == "Start"
    assert told["description"] == "First steps"
    assert told["path"] == "guide/start/"
    assert told["toc"] == [
        {"id": "start", "title": "Start", "level": 1},
        {"id": "doors", "title": "Doors", "level": 2},
    ]
    assert told["editUrl"] == "https://github.com/palco/tickets/edit/main/docs/guide/start.md"


async def test_names_are_found_whatever_their_case(client: httpx2.AsyncClient) -> None:
    assert (await client.get("/api/techdocs/pages/Default/Component/Tickets/")).status_code == 200


@pytest.mark.parametrize(
    ("path", "media_type"),
    [
        ("img/plan.svg", "image/svg+xml"),
        ("app.js", "text/plain; charset=utf-8"),
        ("raw.html", "text/plain; charset=utf-8"),
        ("form.pdf", "application/pdf"),
        ("a%20b.png", "image/png"),
        ("index.html", "text/html; charset=utf-8"),
        ("guide/start/index.html", "text/html; charset=utf-8"),
        ("techdocs_metadata.json", "application/json"),
    ],
)
async def test_files_are_never_active(client: httpx2.AsyncClient, path: str, media_type: str) -> None:
    answer = await client.get(f"{STATIC}/{path}")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == media_type
    assert answer.headers["x-content-type-options"] == "nosniff"
    policy = answer.headers["content-security-policy"]
    assert policy.endswith("; sandbox")
    assert policy.startswith("default-src 'none'")
    again = await client.get(f"{STATIC}/{path}", headers={"if-none-match": f"W/{answer.headers['etag']}"})
    assert again.status_code == 304
    assert ("attachment" in answer.headers.get("content-disposition", "")) == (path == "form.pdf")


TRAVERSALS = [
    "../secret.txt", "..%2fsecret.txt", "%2e%2e/secret.txt", "%2e%2e%2fsecret.txt", "..%252fsecret.txt", "..\\secret.txt",
    "..%5csecret.txt", "..%c0%afsecret.txt", "....//secret.txt", "/etc/passwd", "%2fetc%2fpasswd", "//etc/passwd",
    "img/../../secret.txt", "img/..%2f..%2fsecret.txt", "./secret.txt", ".hidden", "%00", "app.js%00.png", "app.js%2f",
    "app.js/..", "img//plan.svg", "IMG/plan.svg", "img/plan.svg/", "mkdocs.yml", "../mkdocs.yml", ".git/config",
    "file:///etc/passwd", "..;/secret.txt", "%ff%fe", "~/.ssh/id_rsa", "a b.png/../app.js%3f", "techdocs.db", "blobs/",
    "..%u2215secret.txt", "%e2%80%a5/secret.txt", "..%EF%BC%8Fsecret.txt", "x" * 5000, "%252e%252e%252fsecret.txt",
]  # fmt: skip


async def raw(app: FastAPI, path: str) -> tuple[int, bytes]:
    """Ask as an attacker does: no client tidies the path up."""
    sent: list[dict[str, Any]] = []
    scope = {
        "type": "http",
        "method": "GET",
        "path": unquote(path),
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [],
        "scheme": "http",
        "server": ("t", 80),
        "http_version": "1.1",
        "app": app,
    }

    async def receive() -> dict[str, Any]:
        return {"type": "http.request"}

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(dict(message))

    await app(scope, receive, send)
    return sent[0]["status"], b"".join(each.get("body", b"") for each in sent[1:])


async def test_no_path_leads_out_of_the_manifest(desk: Any, client: httpx2.AsyncClient) -> None:
    del client
    app = api(desk)
    bases = [
        STATIC,
        PAGES,
        f"{STATIC}/img",
        "/api/techdocs/static/docs/default/component/..",
        "/api/techdocs/pages/../../..",
    ]
    for base in bases:
        for path in TRAVERSALS:
            status, body = await raw(app, f"{base}/{path}")
            assert status == 404, (base, path, body[:200])
            assert b'"NotFoundError"' in body


async def test_sync_answers_at_once_that_nothing_has_to_be_built(client: httpx2.AsyncClient) -> None:
    answer = await client.get(f"/api/techdocs/sync/{WHOSE}")
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert answer.text == 'event: finish\ndata: {"updated":false}\n\n'


async def test_what_is_not_there_is_told_as_backstage_does(client: httpx2.AsyncClient) -> None:
    answer = await client.get("/api/techdocs/metadata/techdocs/default/component/none")
    assert answer.status_code == 404
    assert answer.json()["error"]["name"] == "NotFoundError"


async def test_without_a_principal_nobody_rebuilds(client: httpx2.AsyncClient) -> None:
    assert (await client.post("/api/techdocs/rebuild")).status_code == 403


def test_the_committed_openapi_document_is_the_one_that_the_code_makes(desk: Any) -> None:
    found = api(desk).openapi()
    if os.environ.get("SIPARIO_WRITE_SNAPSHOTS"):
        OPENAPI.write_text(json.dumps(found, indent=2) + "\n")
    assert json.loads(OPENAPI.read_text()) == found


async def test_docs_without_an_index_begin_with_their_first_page(
    desk: Any, client: httpx2.AsyncClient
) -> None:
    desk.put(
        {"mkdocs.yml": "nav: [{Guide: [start.md]}, also.md]", "docs/start.md": "# S", "docs/also.md": "# A"}
    )
    await desk.pushed()
    await desk.work()
    for path in ("", "/", "/index.html"):
        answer = await client.get(f"{PAGES}{path}")
        assert answer.json()["path"] == "start/"
    assert (await client.get(f"{PAGES}/none/")).status_code == 404
    told = (await client.get(f"/api/techdocs/metadata/techdocs/{WHOSE}")).json()
    assert told["site_name"] == "tickets"
