"""Every kind of `catalog.providers` is read with Backstage's keys, and decides which repositories are wanted."""

from typing import Any

import pytest
from sipario_ingestor.configuration import Configuration
from sipario_ingestor.inbox import covering
from sipario_ingestor.providers import Provider
from sipario_kit.configuration_keys import KEYS
from sipario_scm import Host, Listed, Scope

SHOP = Listed(
    "https://host/palco/shop",
    "main",
    name="shop",
    path="palco/shop",
    project="palco",
    topics=("Catalog", "java"),
    visibility="public",
)
FORK = Listed("https://host/palco/fork", "main", fork=True, name="fork", path="palco/fork", project="palco")
OLD = Listed("https://host/palco/old", "main", archived=True, name="old", path="palco/old", project="LIB")
ALL = (SHOP, FORK, OLD)


def read(kind: str, entry: dict[str, Any]) -> Provider:
    catalog = {"providers": {kind: {"acme": entry}}}
    assert list(KEYS.findings({"catalog": catalog}, ())) == []
    (found,) = Configuration.of({"catalog": catalog}).providers
    assert found.id == ("acme" if kind == "github" else f"{kind}:acme")
    return found


def wanted(kind: str, **entry: Any) -> list[str]:
    provider = read(kind, entry)
    return [each.name for each in ALL if provider.wants(each)]


@pytest.mark.parametrize(
    ("filters", "names"),
    [
        ({}, ["shop", "fork"]),
        ({"allowForks": False}, ["shop"]),
        ({"allowArchived": True}, ["shop", "fork", "old"]),
        ({"repository": "sh.*"}, ["shop"]),
        ({"repository": "sho"}, []),
        ({"repository": "shop|fork"}, ["shop", "fork"]),
        ({"topic": {"include": ["catalog", "other"]}}, ["shop"]),
        ({"topic": {"exclude": ["java"]}}, ["fork"]),
        ({"topic": {"include": ["catalog"], "exclude": ["java"]}}, []),
        ({"visibility": ["public", "internal"]}, ["shop"]),
    ],
)
def test_github_filters(filters: dict[str, Any], names: list[str]) -> None:
    assert wanted("github", organization="palco", filters=filters) == names


@pytest.mark.parametrize(
    ("entry", "names"),
    [
        ({}, ["shop", "fork"]),
        ({"skipForkedRepos": True}, ["shop"]),
        ({"includeArchivedRepos": True}, ["shop", "fork", "old"]),
        ({"projectPattern": "^palco/sh"}, ["shop"]),
        ({"projectPattern": "or"}, ["fork"]),
        ({"topics": "catalog, java"}, ["shop"]),
        ({"topics": ["catalog", "missing"]}, []),
        ({"excludeRepos": ["Palco/Shop"]}, ["fork"]),
    ],
)
def test_gitlab_filters(entry: dict[str, Any], names: list[str]) -> None:
    assert wanted("gitlab", group="palco", **entry) == names


def test_bitbucket_filters_and_only_the_server_reads_what_is_archived() -> None:
    assert wanted("bitbucketCloud", workspace="palco") == ["shop", "fork"]
    assert wanted("bitbucketCloud", workspace="palco", filters={"repoSlug": "^s"}) == ["shop"]
    assert wanted("bitbucketServer", host="h") == ["shop", "fork", "old"]
    assert wanted("bitbucketServer", host="h", filters={"skipArchivedRepos": True}) == ["shop", "fork"]
    assert wanted("bitbucketServer", host="h", filters={"projectKey": "^LIB$"}) == ["old"]


def test_azure_takes_patterns_for_project_and_repository() -> None:
    assert wanted("azureDevOps", organization="o", project="palco", repository="s*") == ["shop"]
    assert wanted("azureDevOps", organization="o", project="p*") == ["shop", "fork"]
    assert wanted("azureDevOps", organization="o", project="p*", repository="SHOP") == ["shop"]
    assert read("azureDevOps", {"organization": "o", "project": "p*"}).scope == Scope("o")
    assert read("azureDevOps", {"organization": "o", "project": "p"}).scope == Scope("o", "p")


@pytest.mark.parametrize(
    ("kind", "entry", "path", "branch", "scope"),
    [
        ("github", {"catalogPath": "/a/*.yaml", "filters": {"branch": "dev"}}, "a/*.yaml", "dev", Scope()),
        (
            "gitlab",
            {"entityFilename": "c.yaml", "branch": "dev", "group": "g/s"},
            "c.yaml",
            "dev",
            Scope("g/s"),
        ),
        ("bitbucketCloud", {"workspace": "w", "catalogPath": "/c.yaml"}, "c.yaml", "", Scope("w")),
        ("bitbucketServer", {"host": "h", "catalogPath": "c.yaml"}, "c.yaml", "", Scope()),
        (
            "azureDevOps",
            {"organization": "o", "path": "/c.yaml", "branch": "dev"},
            "c.yaml",
            "dev",
            Scope("o"),
        ),
        ("gitea", {"organization": "o", "branch": "dev"}, "", "dev", Scope("o")),
        (
            "gerrit",
            {"query": "state=ACTIVE", "catalogPath": "c.yaml"},
            "c.yaml",
            "",
            Scope(query="state=ACTIVE"),
        ),
    ],
)
def test_path_branch_and_part_of_the_host(
    kind: str, entry: dict[str, Any], path: str, branch: str, scope: Scope
) -> None:
    found = read(kind, entry)
    assert (found.path, found.branch, found.scope) == (path, branch, scope)


def test_a_single_entry_needs_no_name_and_several_kinds_live_side_by_side() -> None:
    catalog = {
        "providers": {
            "github": {"organization": "palco"},
            "gitlab": {"host": "gitlab.com", "group": "palco"},
            "gitea": {"one": {"organization": "a"}, "two": {"organization": "b"}},
        }
    }
    ids = [each.id for each in Configuration.of({"catalog": catalog}).providers]
    assert ids == ["default", "gitlab:default", "gitea:one", "gitea:two"]


def test_a_branch_is_part_of_what_is_read_and_the_fallback_only_where_there_is_none() -> None:
    host = Host("gitlab", "https://gitlab.com")
    home = "https://gitlab.com/palco/shop"
    named = read("gitlab", {"branch": "dev", "fallbackBranch": "old"})
    assert named.address(host, home, "main").ref == "dev"
    assert named.address(host, home, "main").id == f"url:{home}/-/tree/dev/"
    fallback = read("gitlab", {"fallbackBranch": "old"})
    assert (fallback.address(host, home, "main").ref, fallback.address(host, home, "").ref) == ("", "old")


@pytest.mark.parametrize(
    ("kind", "entry", "repository", "certain"),
    [
        ("github", {"organization": "Palco"}, "https://github.com/palco/shop", True),
        ("github", {"filters": {"allowArchived": True}}, "https://github.com/palco/shop", True),
        ("github", {"filters": {"repository": "a"}}, "https://github.com/palco/shop", False),
        ("gitlab", {"group": "palco/box"}, "https://gitlab.com/palco/box/sub/shop", True),
        ("gitlab", {"topics": "a"}, "https://gitlab.com/palco/shop", False),
        ("bitbucketCloud", {"workspace": "palco"}, "https://bitbucket.org/palco/shop", True),
        (
            "azureDevOps",
            {"organization": "Palco", "project": "My Box"},
            "https://dev.azure.com/palco/my%20box/_git/shop",
            True,
        ),
        (
            "azureDevOps",
            {"organization": "palco", "project": "b*"},
            "https://dev.azure.com/palco/box/_git/shop",
            False,
        ),
    ],
)
def test_a_push_to_an_unknown_repository_is_enough_or_the_host_is_asked(
    kind: str, entry: dict[str, Any], repository: str, certain: bool
) -> None:
    configuration = Configuration.of({"catalog": {"providers": {kind: {"acme": entry}}}})
    (found,) = covering(configuration, repository)
    assert found.certain() is certain
    assert not list(covering(configuration, repository.replace("palco", "other"))) or not any(
        key in entry for key in ("organization", "group", "workspace")
    )


@pytest.mark.parametrize("kind", ["github", "bitbucketCloud"])
def test_a_pattern_that_is_none_is_told_by_its_place(kind: str) -> None:
    name = "repository" if kind == "github" else "repoSlug"
    catalog = {"providers": {kind: {"acme": {"filters": {name: "(a"}}}}}
    (found,) = KEYS.findings({"catalog": catalog}, ())
    assert str(found).startswith(
        f"catalog.providers.{kind}.acme.filters.{name}: a regular expression is expected"
    )


def test_named_ones_of_another_file_may_stand_beside_one_without_a_name() -> None:
    """As they do once `up` has merged its own forge into a user's file."""
    github = {
        "organization": "acme",
        "schedule": {"frequency": {"hours": 1}},
        "filters": {"branch": "main"},
        "forge": {"host": "127.0.0.1:1"},
    }
    found = Configuration.of({"catalog": {"providers": {"github": github}}}).providers
    assert [(each.id, each.host, each.scope.owner, each.branch) for each in found] == [
        ("default", "", "acme", "main"),
        ("forge", "127.0.0.1:1", "", ""),
    ]
