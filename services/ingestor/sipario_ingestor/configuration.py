"""What the configuration files say to the ingestor."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from sipario_kit.configuration import section
from sipario_scm import Allowed, Hosts

from sipario_ingestor.orphan_strategy import OrphanStrategy
from sipario_ingestor.providers import Provider, providers
from sipario_ingestor.rules import Rules

LOCATION_TYPES = ("url", "file")
PROCESSING = 1
"""Raise it when entities come out otherwise from the same files: then all sources are read again."""


@dataclass(frozen=True, slots=True)
class StaticLocation:
    """One of `catalog.locations`: `url` or `file`, and its target."""

    type: str
    target: str


@dataclass(frozen=True, slots=True)
class Configuration:
    """The ingestor's part of the configuration. `digest` changes when entities may come out otherwise.

    `providers` are those of repositories; `entries` is all of `catalog.providers`, as it stands there; `whole` is
    everything, of others too.
    """

    hosts: Hosts
    rules: Rules
    locations: tuple[StaticLocation, ...]
    providers: tuple[Provider, ...]
    entries: Mapping[str, Any]
    whole: Mapping[str, Any]
    allowed: tuple[Allowed, ...]
    read_only: bool
    orphans: OrphanStrategy
    digest: str

    @classmethod
    def of(cls, configuration: Mapping[str, Any], entity_files: str = "") -> Self:
        """Read the sections `catalog`, `integrations` and `backend.reading.allow`."""
        catalog = section(configuration, "catalog") or {}
        integrations = section(configuration, "integrations") or {}
        allowed = tuple(section(configuration, "backend.reading.allow") or ())
        found = providers(catalog, entity_files)
        paths = sorted((each.id, each.path) for each in found)
        meaningful = [
            PROCESSING,
            entity_files,
            catalog.get("rules"),
            catalog.get("locations"),
            allowed,
            paths,
        ]
        return cls(
            hosts=Hosts.of_integrations(integrations),
            rules=Rules.of(catalog),
            locations=tuple(_location(each) for each in catalog.get("locations") or ()),
            providers=found,
            entries=section(catalog, "providers") or {},
            whole=configuration,
            allowed=tuple(Allowed.of(each) for each in allowed),
            orphans=OrphanStrategy.of(catalog),
            read_only=str(catalog.get("readonly") or "").lower() in ("true", "yes", "1"),
            digest=hashlib.sha256(json.dumps(meaningful, sort_keys=True, default=str).encode()).hexdigest()[
                :16
            ],
        )


def _location(entry: Mapping[str, Any]) -> StaticLocation:
    return StaticLocation(str(entry.get("type") or "url"), str(entry["target"]))
