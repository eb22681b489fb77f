"""Each cluster that is configured becomes a resource; its secrets stay where they are."""

from typing import Any

import pytest
from sipario_kubernetes import register, resources
from sipario_plugin import Ask, Extensions, Found, Surroundings

STAGE = {
    "name": "stage",
    "url": "https://stage.k8s.example:6443",
    "authProvider": "serviceAccount",
    "serviceAccountToken": "hush-hush",
    "skipTLSVerify": False,
    "caData": "LS0tLS1CRUdJTg==",
    "dashboardUrl": "https://dashboard.example/stage",
}


def unasked(*_: Any, **__: Any) -> Any:
    raise AssertionError("nobody is asked for what is configured")


ask: Ask = unasked


def read(*methods: Any, **entry: Any) -> list[Found]:
    given = {"kubernetes.clusterLocatorMethods": [*methods]}
    return [*resources("main", {"owner": "platform", **entry}, Surroundings(ask, section=given.get)).read()]


def test_a_cluster_is_a_resource_with_backstages_annotations() -> None:
    (found,) = read({"type": "config", "clusters": [STAGE]}, system="hosting")
    assert found.location == "kubernetes:main/stage"
    assert found.entity == {
        "apiVersion": "backstage.io/v1alpha1",
        "kind": "Resource",
        "metadata": {
            "name": "stage",
            "annotations": {
                "kubernetes.io/api-server": "https://stage.k8s.example:6443",
                "kubernetes.io/auth-provider": "serviceAccount",
                "kubernetes.io/skip-tls-verify": "false",
                "kubernetes.io/api-server-certificate-authority": "LS0tLS1CRUdJTg==",
                "kubernetes.io/dashboard-url": "https://dashboard.example/stage",
            },
            "links": [{"url": "https://dashboard.example/stage", "title": "Dashboard", "icon": "dashboard"}],
        },
        "spec": {"type": "kubernetes-cluster", "owner": "platform", "system": "hosting"},
    }


def test_all_locators_count_but_those_that_ask_the_catalog() -> None:
    prod = {"type": "config", "clusters": [{"name": "prod", "url": "https://prod.example"}]}
    found = read({"type": "catalog"}, {"type": "localKubectlProxy"}, prod)
    assert [one.location for one in found] == ["kubernetes:main/local", "kubernetes:main/prod"]


def test_without_any_cluster_there_is_none() -> None:
    assert read() == []
    assert [*resources("main", {"owner": "platform"}, Surroundings(ask)).read()] == []


@pytest.mark.parametrize(
    ("name", "entity_name", "title"),
    [
        ("arn:aws:eks:eu-west-1:42:cluster/shop", "arn-aws-eks-eu-west-1-42-cluster-shop", True),
        ("gke_acme_europe-west1_main", "gke_acme_europe-west1_main", False),
        ("x" * 70, "x" * 63, True),
    ],
)
def test_a_name_that_an_entity_can_not_have_is_its_title(name: str, entity_name: str, title: bool) -> None:
    (found,) = read({"type": "config", "clusters": [{"name": name, "url": "https://k8s.example"}]})
    assert found.entity is not None
    assert found.entity["metadata"]["name"] == entity_name
    assert found.entity["metadata"].get("title") == (name if title else None)


@pytest.mark.parametrize(
    ("method", "entry", "said"),
    [
        ({"type": "config"}, {"owner": ""}, "owner is missing"),
        (
            {"type": "gke"},
            {},
            r"kubernetes\.clusterLocatorMethods\[0\]\.type: config, catalog or localKubectlProxy",
        ),
        ({"type": "config", "clusters": [{"name": "a"}]}, {}, r"Methods\[0\]\.clusters\[0\]\.url is missing"),
        ({"type": "config", "clusters": ["a"]}, {}, r"clusters\[0\]: an object"),
    ],
)
def test_what_can_not_be_used_names_its_key(method: Any, entry: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        read(method, **entry)


def test_the_provider_goes_by_its_name() -> None:
    portal = Extensions()
    register(portal)
    assert [name for name, _ in portal.providers] == ["kubernetes"]
