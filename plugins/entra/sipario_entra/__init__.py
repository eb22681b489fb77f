"""Users and groups of a Microsoft Entra tenant, by `catalog.providers.microsoftGraphOrg` in Backstage's words."""

from collections.abc import Mapping
from typing import Any

from sipario_plugin import Extensions, Provider, Surroundings

from sipario_entra.graph import Graph
from sipario_entra.reading import Reading
from sipario_entra.settings import Settings


def register(portal: Extensions) -> None:
    """Add the provider `microsoftGraphOrg`."""
    portal.providers.add("microsoftGraphOrg", organisation)


def organisation(name: str, entry: Mapping[str, Any], surroundings: Surroundings) -> Provider:
    """Make a provider of an entry; raises ValueError that names the key that is wrong."""
    settings = Settings.of(entry)
    return Provider(Reading(name, settings, Graph(settings, surroundings.ask)))
