"""Users and groups of an LDAP directory, by `catalog.providers.ldapOrg` in Backstage's words."""

from collections.abc import Mapping
from typing import Any

from sipario_plugin import Extensions, Provider, Surroundings

from sipario_ldap.settings import Settings


def register(portal: Extensions) -> None:
    """Add the provider `ldapOrg`."""
    portal.providers.add("ldapOrg", organisation)


def organisation(name: str, entry: Mapping[str, Any], _surroundings: Surroundings) -> Provider:
    """Make a provider of an entry; raises ValueError that names the key that is wrong."""
    # ldap3 takes its time to be imported: only a portal with a directory pays.
    from sipario_ldap.reading import Reading  # noqa: PLC0415

    return Provider(Reading(name, Settings.of(entry)))
