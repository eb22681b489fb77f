"""What each service is told of its surroundings: the same variables that a container would be given."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sipario_engines import Addresses

from sipario.data import Data

# From wherever: what says neither who somebody is nor what this machine is to do.
EVERYWHERE = ["Component", "API", "Resource", "System", "Domain", "Location", "AiResource"]
# From the dev forge and from files of this machine, whose owner is who runs it.
OWN = ["User", "Group", "Template", "KindDefinition"]
# The embedded broker looks again only when half of a wait is over; Apache Kafka answers as soon as there is news.
EMBEDDED_KAFKA = {"SIPARIO_FETCH_MAX_WAIT_MS": "100"}
# One process hears itself: it need not ask the broker for news, and has nobody to share a topic with.
ALONE = {"SIPARIO_RESTS": "true", "SIPARIO_PARTITIONS": "1", "SIPARIO_FETCH_MAX_WAIT_MS": "20"}


@dataclass(frozen=True)
class Ground:
    """Where everything of one portal is: its data, its engines, its ports and its secrets.

    `alone`: all services are one process, and nobody else speaks to the broker.
    """

    data: Data
    addresses: Addresses
    gateway: str
    forge: str
    ports: Mapping[str, int]
    files: Sequence[Path]
    alone: bool = False

    @property
    def secrets(self) -> dict[str, str]:
        """The secrets of the data folder."""
        return self.data.secrets()

    @property
    def forge_host(self) -> str:
        """Host and port of the dev forge, as `integrations` names it."""
        return self.forge.partition("://")[2]


def environment(ground: Ground, environ: Mapping[str, str]) -> dict[str, str]:
    """Tell all services what they need; each reads only its own. Webhook secrets of `environ` stay good."""
    folder, addresses, secrets = ground.data.folder, ground.addresses, ground.secrets
    configuration = [*(str(file) for file in ground.files), str(_own_configuration(ground))]
    return {
        "SIPARIO_KAFKA": addresses.kafka,
        "SIPARIO_SERVICE_KEY": secrets["service"],
        "SIPARIO_CONFIG": json.dumps(configuration),
        "CATALOG_GRAPH_NEO4J_URL": addresses.neo4j_url,
        "CATALOG_GRAPH_NEO4J_USER": addresses.neo4j_user,
        "CATALOG_GRAPH_NEO4J_PASSWORD": addresses.neo4j_password,
        "CATALOG_GRAPH_NEO4J_DATABASE": addresses.neo4j_database,
        "CATALOG_GRAPH_INGESTOR_URL": f"http://127.0.0.1:{ground.ports['ingestor']}" if ground.ports else "",
        "SEARCH_OPENSEARCH_URL": addresses.opensearch_url,
        "INGESTOR_LEDGER": f"sqlite:///{folder / 'ingestor.db'}",
        "INGESTOR_DATA": str(folder / "ingestor"),
        "INGESTOR_WEBHOOK_SECRETS": json.dumps(
            [secrets["webhook"], *json.loads(environ.get("INGESTOR_WEBHOOK_SECRETS") or "[]")]
        ),
        "TECHDOCS_LEDGER": f"sqlite:///{folder / 'techdocs.db'}",
        "TECHDOCS_DATA": str(folder / "techdocs"),
        "GATEWAY_LEDGER": f"sqlite:///{folder / 'gateway.db'}",
        "GATEWAY_UPSTREAMS": json.dumps(
            {name: f"http://127.0.0.1:{port}" for name, port in ground.ports.items()}
        ),
        "GATEWAY_PUBLIC_URL": ground.gateway,
        "GATEWAY_GUEST": "true",
        "GATEWAY_OPERATOR_TOKEN": secrets["operator"],
        "GATEWAY_SESSION_KEY": secrets["session"],
        **({} if environ.get("SIPARIO_KAFKA") else EMBEDDED_KAFKA),
        **(ALONE if ground.alone else {}),
    }


def forge_environment(ground: Ground) -> dict[str, str]:
    """Tell the dev forge where it is and whom it announces every push to."""
    hook = {"url": f"{ground.gateway}/api/events/http/github", "secret": ground.secrets["webhook"]}
    return {
        "FORGE_DATA": str(ground.data.folder / "forge"),
        "FORGE_TOKEN": ground.secrets["forge"],
        "FORGE_PORT": str(ground.data.forge_port()),
        "FORGE_URL": ground.forge,
        "FORGE_HOOKS": json.dumps([hook]),
    }


def _own_configuration(ground: Ground) -> Path:
    """Write the last configuration file: lists replace those of files before, so it holds a user's own too."""
    rules, github = _users(ground.files)
    integration = {
        "host": ground.forge_host,
        "apiBaseUrl": f"{ground.forge}/api/v3",
        "token": ground.secrets["forge"],
    }
    own = {
        "catalog": {
            "rules": _rules(ground, rules),
            "providers": {"github": {"forge": {"host": ground.forge_host}}},
        },
        "integrations": {"github": [*(github or []), integration]},
    }
    return ground.data.write("forge.yaml", json.dumps(own, indent=2, default=str))  # which is YAML too


def _users(files: Sequence[Path]) -> tuple[Any, Any]:
    """Read the rules and the GitHub integrations of a user's files."""
    if not files:
        return None, None  # and what reads them need not be loaded: half of the launcher's memory
    from sipario_kit.configuration import as_written, section  # noqa: PLC0415 - as told above

    users = as_written(files)
    return section(users, "catalog.rules"), section(users, "integrations.github")


def _rules(ground: Ground, users: Sequence[Mapping[str, Any]] | None) -> list[Mapping[str, Any]]:
    """A user's rules are for all but the dev forge; without any, files of this machine are as good as the forge."""
    forge = {"type": "url", "pattern": f"{ground.forge}/**"}
    if users is None:
        return [{"allow": EVERYWHERE}, {"allow": OWN, "locations": [forge, {"type": "file"}]}]
    return [*users, {"allow": [*EVERYWHERE, *OWN], "locations": [forge]}]
