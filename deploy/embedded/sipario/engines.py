"""Which engines a portal stands on: the embedded ones, but for those that the environment names."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from sipario_engines import Addresses, Engines
from sipario_engines.embedded import assemble

# The variables by which services are told where an engine is; the engine that one names is not started.
GIVEN = {"SIPARIO_KAFKA": "broker", "CATALOG_GRAPH_NEO4J_URL": "graph", "SEARCH_OPENSEARCH_URL": "index"}
FIELDS = {
    "SIPARIO_KAFKA": "kafka",
    "CATALOG_GRAPH_NEO4J_URL": "neo4j_url",
    "CATALOG_GRAPH_NEO4J_USER": "neo4j_user",
    "CATALOG_GRAPH_NEO4J_PASSWORD": "neo4j_password",
    "CATALOG_GRAPH_NEO4J_DATABASE": "neo4j_database",
    "SEARCH_OPENSEARCH_URL": "opensearch_url",
}


def engines_for(folder: Path, environ: Mapping[str, str]) -> Engines:
    """Make the engines that are to be started, with the addresses of all three."""
    engines = assemble(folder)
    elsewhere = {name for variable, name in GIVEN.items() if environ.get(variable)}
    addresses: Addresses = replace(
        engines.addresses,
        **{field: environ[variable] for variable, field in FIELDS.items() if environ.get(variable)},
    )
    return Engines(addresses, [each for each in engines.members if each.name not in elsewhere])
