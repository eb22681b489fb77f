"""The clusters that the section `kubernetes` names are resources, by `catalog.providers.kubernetes`."""

from collections.abc import Mapping
from typing import Any

from sipario_plugin import Extensions, Found, Provider, Surroundings

from sipario_kubernetes.clusters import Cluster, clusters
from sipario_kubernetes.settings import Settings

METHODS = "kubernetes.clusterLocatorMethods"


def register(portal: Extensions) -> None:
    """Add the provider `kubernetes`."""
    portal.providers.add("kubernetes", resources)


def resources(name: str, entry: Mapping[str, Any], surroundings: Surroundings) -> Provider:
    """Make a provider of an entry; raises ValueError that names the key that is wrong."""
    settings = Settings.of(entry)
    found = [
        Found(f"kubernetes:{name}/{cluster.name}", _resource(cluster, settings))
        for cluster in clusters(surroundings.section(METHODS) or (), METHODS)
    ]
    return Provider(lambda: found)


def _resource(cluster: Cluster, settings: Settings) -> dict[str, Any]:
    metadata: dict[str, Any] = {
        "name": cluster.entity_name,
        "title": cluster.title,
        "namespace": settings.namespace,
        "annotations": dict(cluster.annotations),
    }
    if cluster.dashboard:
        metadata["links"] = [{"url": cluster.dashboard, "title": "Dashboard", "icon": "dashboard"}]
    spec = {"type": "kubernetes-cluster", "owner": settings.owner, "system": settings.system}
    return {
        "apiVersion": "backstage.io/v1alpha1",
        "kind": "Resource",
        "metadata": {key: value for key, value in metadata.items() if value},
        "spec": {key: value for key, value in spec.items() if value},
    }
