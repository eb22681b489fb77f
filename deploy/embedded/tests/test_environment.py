"""Services are told what a container would be told."""

import json
from pathlib import Path

import pytest
from sipario.data import Data
from sipario.engines import engines_for
from sipario.environment import Ground, environment
from sipario_ingestor.configuration import Configuration
from sipario_ingestor.rules import Rules
from sipario_kit.configuration import load, section
from sipario_model import LocationRef


def ground(folder: Path, environ: dict[str, str], *files: Path) -> Ground:
    return Ground(
        data=Data(folder),
        addresses=engines_for(folder, environ).addresses,
        gateway="http://127.0.0.1:7007",
        forge="http://127.0.0.1:20000",
        ports={},
        files=files,
    )


def test_an_engine_that_the_environment_names_is_not_started(tmp_path: Path) -> None:
    engines = engines_for(tmp_path, {"SIPARIO_KAFKA": "kafka.example:9092"})
    assert engines.addresses.kafka == "kafka.example:9092"
    assert [each.name for each in engines.members] == ["graph", "index"]


def test_webhook_secrets_of_the_environment_stay_good(tmp_path: Path) -> None:
    told = environment(ground(tmp_path, {}), {"INGESTOR_WEBHOOK_SECRETS": '["mine"]'})
    assert json.loads(told["INGESTOR_WEBHOOK_SECRETS"]) == [Data(tmp_path).secrets()["webhook"], "mine"]


USERS = """
catalog:
  rules: [{allow: [Component]}]
  providers: {github: {organization: acme}}
integrations:
  github: [{host: github.example, token: "${GITHUB_TOKEN}", username: {$file: name}}]
"""


def test_a_users_file_takes_nothing_away_from_the_dev_forge(tmp_path: Path) -> None:
    users = tmp_path / "app-config.yaml"
    users.write_text(USERS)
    (tmp_path / "name").write_text("me\n")
    told = environment(ground(tmp_path, {}, users), {})
    files = [Path(each) for each in json.loads(told["SIPARIO_CONFIG"])]
    assert files[0] == users
    assert "s3cret" not in files[1].read_text()
    found = load(files, {"GITHUB_TOKEN": "s3cret"})
    hosts = [(each["host"], each["token"]) for each in section(found, "integrations.github")]
    assert hosts == [("github.example", "s3cret"), ("127.0.0.1:20000", Data(tmp_path).secrets()["forge"])]
    assert section(found, "integrations.github")[0]["username"] == "me"
    assert [each.id for each in Configuration.of(found).providers] == ["default", "forge"]
    rules = Rules.of(section(found, "catalog"))
    forge = "url:http://127.0.0.1:20000/sipario/org/tree/main/org.yaml"
    asked = [("User", forge), ("System", forge), ("Component", "file:/a"), ("System", "file:/a")]
    allowed = [rules.allow(kind, [LocationRef.parse(where)]) for kind, where in asked]
    assert allowed == [True, True, True, False]


def test_only_the_embedded_kafka_is_asked_again_and_again(tmp_path: Path) -> None:
    given = {"SIPARIO_KAFKA": "kafka.example:9092"}
    assert "SIPARIO_FETCH_MAX_WAIT_MS" not in environment(ground(tmp_path, given), given)
    assert environment(ground(tmp_path, {}), {})["SIPARIO_FETCH_MAX_WAIT_MS"] == "100"


@pytest.mark.parametrize(
    ("kind", "location", "allowed"),
    [
        ("User", "url:http://127.0.0.1:20000/sipario/org/tree/main/org.yaml", True),
        ("User", "url:http://127.0.0.1:20000.example/sipario/org", False),
        ("User", "url:https://git.example/mallory/shop", False),
        ("Group", "url:https://git.example/mallory/shop", False),
        ("Template", "url:https://git.example/mallory/shop", False),
        ("System", "url:https://git.example/mallory/shop", True),
        ("Group", "file:/srv/org.yaml", True),
    ],
)
def test_who_somebody_is_says_only_the_owner_of_the_machine(
    tmp_path: Path, kind: str, location: str, allowed: bool
) -> None:
    """A repository elsewhere must not declare a user by whose mail address somebody signs in."""
    (own,) = json.loads(environment(ground(tmp_path, {}), {})["SIPARIO_CONFIG"])
    rules = Rules.of(section(load([Path(own)]), "catalog"))
    assert rules.allow(kind, [LocationRef.parse(location)]) == allowed
