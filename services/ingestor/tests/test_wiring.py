"""The whole ingestor over a real broker, with repositories that are pushed to and processes that are killed."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import httpx2
import pytest
import yaml
from pydantic import SecretStr
from sipario_engines import Engines
from sipario_ingestor.app import service
from sipario_ingestor.settings import Settings
from sipario_kit.principal import Principal, token_for
from sipario_kit.settings import CommonSettings
from sipario_scm import sign
from sipario_testkit.waiting import until

pytestmark = pytest.mark.engines("broker")

SECRET = "right"
KEY = "k" * 32
SECONDS = 30.0
GOOD = (
    "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {name: a, description: '%s'}\n"
    "spec: {type: service, lifecycle: production, owner: team-a}\n"
)


def written(host: Any, tmp_path: Path) -> Path:
    location = {"type": "url", "target": f"{host.url}/shop"}
    return kept(host.configuration(locations=[location]), tmp_path)


def kept(configuration: Mapping[str, Any], tmp_path: Path) -> Path:
    file = tmp_path / "app-config.yaml"
    file.write_text(yaml.safe_dump(configuration))
    return file


@asynccontextmanager
async def running(engines: Engines, config: Path, tmp_path: Path) -> AsyncIterator[httpx2.AsyncClient]:
    common = CommonSettings(
        kafka=engines.addresses.kafka,
        fetch_max_wait_ms=20,
        config=(config,),
        service_key=SecretStr(KEY),
    )
    settings = Settings(
        ledger=f"sqlite:///{tmp_path}/ingestor.db",
        data=tmp_path / "data",
        webhook_secrets=(SecretStr(SECRET),),
    )
    made = service(settings, common)
    assert made.api is not None
    async with made.running():
        token = token_for(Principal("user:default/guest"), "ingestor", KEY)
        transport = httpx2.ASGITransport(app=made.api)
        async with httpx2.AsyncClient(
            transport=transport, base_url="http://ingestor", headers={"authorization": f"Bearer {token}"}
        ) as client:

            async def ready() -> bool:
                health = made.health()
                return health.ready and health.lag["relay"] == 0 and health.lag["sources"] == 0

            await until(ready)
            yield client


async def tell(client: httpx2.AsyncClient, host: Any, commit: str) -> None:
    body = json.dumps({"repository": f"{host.url}/shop", "ref": "refs/heads/main", "after": commit}).encode()
    headers = {"x-sipario-signature": sign(body, SECRET), "x-sipario-delivery": commit}
    answer = await client.post("/api/events/http/git", content=body, headers=headers)
    assert answer.status_code == 202


async def test_a_webhook_goes_through_the_broker_into_the_ledger(
    engines: Engines, host: Any, tmp_path: Path
) -> None:
    host.push("shop", {"catalog-info.yaml": GOOD % "first"})
    async with running(engines, written(host, tmp_path), tmp_path) as client:
        commit = host.push("shop", {"catalog-info.yaml": GOOD % "second"})
        await tell(client, host, commit)

        async def read() -> bool:
            (source,) = (await client.get("/api/catalog/sources")).json()
            return bool(source["commit"] == commit and source["state"] == "ok")

        await until(read)


class GitHub(ThreadingHTTPServer):
    """A server that answers GraphQL about one organisation, as GitHub does."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.people = ["ada"]

    @property
    def name(self) -> str:
        return f"127.0.0.1:{self.server_port}"

    def configuration(self) -> dict[str, Any]:
        api = f"http://{self.name}/api/v3"
        entry = {"githubUrl": f"http://{self.name}", "orgs": ["palco"]}
        return {
            "integrations": {"github": [{"host": self.name, "apiBaseUrl": api, "token": "t"}]},
            "catalog": {"providers": {"githubOrg": {"palco": entry}}},
        }


class _Answers(BaseHTTPRequestHandler):
    server: GitHub

    def do_POST(self) -> None:
        question = self.rfile.read(int(self.headers["content-length"]))
        people = [{"login": each, "databaseId": 1} for each in self.server.people]
        nodes = people if b"membersWithRole" in question else []
        found = {"pageInfo": {"hasNextPage": False, "endCursor": None}, "nodes": nodes}
        body = json.dumps({"data": {"organization": {"found": found}}}).encode()
        self.send_response(200 if self.path == "/api/graphql" else 404)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - as it is named there
        """Say nothing."""


@pytest.fixture
def github() -> Iterator[GitHub]:
    with GitHub() as server:
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


async def test_who_joins_an_organisation_is_catalogued_when_the_webhook_tells_it(
    engines: Engines, github: GitHub, tmp_path: Path
) -> None:
    joined = {
        "action": "member_added",
        "organization": {"login": "Palco"},
        "sender": {"login": "ada", "html_url": f"http://{github.name}/ada"},
    }
    body = json.dumps(joined).encode()
    headers = {"x-github-event": "organization", "x-hub-signature-256": f"sha256={sign(body, SECRET)}"}
    async with running(engines, kept(github.configuration(), tmp_path), tmp_path) as client:

        async def known(name: str) -> bool:
            answer = await client.get(f"/api/history/entities/user/default/{name}")
            return answer.status_code == 200

        await until(lambda: known("ada"))
        assert not await known("bo")
        github.people.append("bo")
        answer = await client.post("/api/events/http/github", content=body, headers=headers)
        assert answer.json() == {"accepted": 1}
        await until(lambda: known("bo"))
        (source,) = (await client.get("/api/catalog/sources")).json()
        assert (source["id"], source["state"]) == ("provider:githubOrg/palco", "ok")


async def test_nobody_gets_in_without_a_token_but_webhooks_and_health(
    engines: Engines, host: Any, tmp_path: Path
) -> None:
    host.push("shop", {"catalog-info.yaml": GOOD % "first"})
    async with running(engines, written(host, tmp_path), tmp_path) as client:
        nobody = {"authorization": ""}
        assert (await client.get("/api/catalog/sources", headers=nobody)).status_code == 401
        assert (await client.get("/api/catalog/locations", headers=nobody)).status_code == 401
        assert (await client.get("/health/ready", headers=nobody)).json()["ready"] is True
        assert (await client.post("/api/events/http/git", headers=nobody)).status_code == 403


RUN = """
import asyncio, sys
from pathlib import Path
from pydantic import SecretStr
from sipario_ingestor.app import service
from sipario_ingestor.settings import Settings
from sipario_kit.settings import CommonSettings

async def main(kafka, config, folder):
    common = CommonSettings(kafka=kafka, fetch_max_wait_ms=20, config=(Path(config),))
    settings = Settings(ledger=f"sqlite:///{folder}/ingestor.db", data=Path(folder) / "data")
    async with service(settings, common).running():
        print("up", flush=True)
        await asyncio.Event().wait()

asyncio.run(main(*sys.argv[1:]))
"""


@pytest.mark.slow
async def test_killed_in_the_middle_of_work_it_ends_with_what_the_source_says(
    engines: Engines, host: Any, tmp_path: Path, open_desk: Any
) -> None:
    for turn, pause in enumerate((0.0, 0.03, 0.08, 0.2)):
        many = "---\n".join((GOOD % turn).replace("name: a", f"name: c{n}") for n in range(100 + turn * 50))
        host.push("shop", {"catalog-info.yaml": many})
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", RUN, engines.addresses.kafka, str(written(host, tmp_path)), str(tmp_path),
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        assert process.stdout is not None
        while (said := await asyncio.wait_for(process.stdout.readline(), SECONDS)) != b"up\n":
            assert said, "it ended"  # and not a line of its log
        await asyncio.sleep(pause)  # where in its work it dies
        os.kill(process.pid, signal.SIGKILL)
        await process.wait()
    host.push("shop", {"catalog-info.yaml": GOOD % "last"})
    async with running(engines, written(host, tmp_path), tmp_path):
        pass
    async with open_desk() as desk:
        entities = await desk.entities()
        assert {ref: event.entity["metadata"]["description"] for ref, event in entities.items()} == {
            "component:default/a": "last"
        }
        history = await desk.ledger.history("catalog.entities.v1", "component:default/c0")
        assert history == [] or history[0].gone
