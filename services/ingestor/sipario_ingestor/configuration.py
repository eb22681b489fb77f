"""What the configuration files say to the ingestor."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from sipario_kit.configuration import section
from sipario_scm import Allowed, Hosts

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
class Provider:
    """One of `catalog.providers.github`: all repositories of a host, or of one organisation there."""

    id: str
    host: str
    organization: str
    path: str

    def covers(self, repository: str, url: str) -> bool:
        """Tell whether a repository of the host at `url` is one that this provider lists."""
        if not repository.startswith(url + "/"):
            return False
        owner = repository.removeprefix(url + "/").partition("/")[0]
        return not self.organization or owner.lower() == self.organization.lower()


@dataclass(frozen=True, slots=True)
class Configuration:
    """The ingestor's part of the configuration. `digest` changes when entities may come out otherwise."""

    hosts: Hosts
    rules: Rules
    locations: tuple[StaticLocation, ...]
    providers: tuple[Provider, ...]
    allowed: tuple[Allowed, ...]
    read_only: bool
    digest: str

    @classmethod
    def of(cls, configuration: Mapping[str, Any], entity_files: str = "") -> Self:
        """Read the sections `catalog`, `integrations` and `backend.reading.allow`."""
        catalog = section(configuration, "catalog") or {}
        integrations = section(configuration, "integrations") or {}
        allowed = tuple(section(configuration, "backend.reading.allow") or ())
        meaningful = [PROCESSING, entity_files, catalog.get("rules"), catalog.get("locations"), allowed]
        providers = section(catalog, "providers.github") or {}
        return cls(
            hosts=Hosts.of_integrations(integrations),
            rules=Rules.of(catalog),
            locations=tuple(_location(each) for each in catalog.get("locations") or ()),
            providers=_providers(providers, entity_files),
            allowed=tuple(Allowed.of(each) for each in allowed),
            read_only=str(catalog.get("readonly") or "").lower() in ("true", "yes", "1"),
            digest=hashlib.sha256(json.dumps(meaningful, sort_keys=True, default=str).encode()).hexdigest()[
                :16
            ],
        )


def _location(entry: Mapping[str, Any]) -> StaticLocation:
    return StaticLocation(str(entry.get("type") or "url"), str(entry["target"]))


def _providers(entries: Mapping[str, Any], entity_files: str) -> tuple[Provider, ...]:
    """Read a map of providers, or a single one that has no name of its own."""
    if "organization" in entries or "host" in entries:
        entries = {"default": entries}
    return tuple(
        Provider(
            str(name),
            str(each.get("host") or ""),
            str(each.get("organization") or ""),
            str(each.get("catalogPath") or entity_files).strip("/"),
        )
        for name, each in ((name, entry or {}) for name, entry in entries.items())
    )
