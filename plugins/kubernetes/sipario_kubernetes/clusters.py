"""Clusters, as `kubernetes.clusterLocatorMethods` names them, in Backstage's words."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

PROXY = {"name": "local", "url": "http://localhost:8001", "authProvider": "localKubectlProxy"}
"""The cluster of the locator `localKubectlProxy`."""
ANNOTATIONS = {
    "url": "kubernetes.io/api-server",
    "caData": "kubernetes.io/api-server-certificate-authority",
    "authProvider": "kubernetes.io/auth-provider",
    "oidcTokenProvider": "kubernetes.io/oidc-token-provider",
    "skipTLSVerify": "kubernetes.io/skip-tls-verify",
    "skipMetricsLookup": "kubernetes.io/skip-metrics-lookup",
    "dashboardUrl": "kubernetes.io/dashboard-url",
    "dashboardApp": "kubernetes.io/dashboard-app",
}
"""What is told of a cluster; its `serviceAccountToken` is not."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """A cluster, and what the catalog is told of it."""

    name: str
    title: str
    annotations: Mapping[str, str]
    dashboard: str

    @property
    def entity_name(self) -> str:
        """Return the name that a resource may have for it."""
        return re.sub(r"[^A-Za-z0-9_.-]+", "-", self.name).strip("-_.")[:63].rstrip("-_.")


def clusters(methods: Sequence[Any], key: str) -> Iterator[Cluster]:
    """Read all clusters of all locators; raises ValueError that names the key that is wrong.

    A locator `catalog` takes clusters from the catalog, and so brings none into it.
    """
    for at, method in enumerate(methods):
        place = f"{key}[{at}]"
        kind = method.get("type") if isinstance(method, Mapping) else None
        if kind == "localKubectlProxy":
            yield _cluster(PROXY, place)
        elif kind == "config":
            for inner, given in enumerate(method.get("clusters") or ()):
                yield _cluster(given, f"{place}.clusters[{inner}]")
        elif kind != "catalog":
            raise ValueError(f"{place}.type: config, catalog or localKubectlProxy is expected, not {kind}")


def _cluster(given: Any, place: str) -> Cluster:
    if not isinstance(given, Mapping):
        raise ValueError(f"{place}: an object with name and url is expected")  # noqa: TRY004 - a key is wrong
    for key in ("name", "url"):
        if not given.get(key):
            raise ValueError(f"{place}.{key} is missing")
    name, title = str(given["name"]), str(given.get("title") or "")
    told = {
        ANNOTATIONS[key]: _text(value)
        for key, value in given.items()
        if key in ANNOTATIONS and value is not None
    }
    made = Cluster(name, title, told, str(given.get("dashboardUrl") or ""))
    return made if title or made.entity_name == name else Cluster(name, name, told, made.dashboard)


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
