"""Members, teams and groups of Gitea and of Bitbucket Server; and names that are none."""

from typing import Any

import pytest
from sipario_git_org.directory import valid_name
from sipario_model import check


def account(login: str, name: str = "") -> dict[str, Any]:
    return {
        "id": len(login),
        "login": login,
        "full_name": name,
        "email": f"{login}@git.example.org",
        "avatar_url": f"https://git.example.org/avatars/{login}",
        "description": "",
    }


@pytest.fixture
def gitea(hosts: Any) -> Any:
    hosts.lists = {
        "/api/v1/orgs": [{"id": 1, "username": "Palco", "name": "Palco"}],
        "/api/v1/orgs/Palco/members": [account("ada", "Ada Rossi"), account("bo"), account("cy")],
        "/api/v1/orgs/Palco/teams": [
            {"id": 5, "name": "Owners", "description": ""},
            {"id": 6, "name": "Stage Lights", "description": "Lights"},
        ],
        "/api/v1/teams/5/members": [account("ada", "Ada Rossi")],
        "/api/v1/teams/6/members": [account("bo"), account("cy"), account("dee")],
    }
    return hosts


def test_organisations_of_gitea_give_users_and_teams(gitea: Any) -> None:
    entities = gitea.catalogued("giteaOrg", host="git.example.org", orgs=["Palco"])
    assert list(entities) == [
        "Group:Owners",
        "Group:Stage_Lights",
        "User:ada",
        "User:bo",
        "User:cy",
        "User:dee",
    ]
    lights = entities["Group:Stage_Lights"]
    assert lights["metadata"]["annotations"] == {"git.example.org/team-slug": "Palco/Stage Lights"}
    assert lights["spec"]["members"] == ["bo", "cy", "dee"]
    assert entities["User:ada"]["spec"] == {
        "profile": {
            "displayName": "Ada Rossi",
            "email": "ada@git.example.org",
            "picture": "https://git.example.org/avatars/ada",
        },
        "memberOf": ["Owners"],
    }


def test_all_organisations_of_gitea_are_read_when_none_is_named(gitea: Any) -> None:
    entities = gitea.catalogued("giteaOrg", host="git.example.org")
    assert "Group:palco/Owners" in entities
    assert entities["User:ada"]["spec"]["memberOf"] == ["palco/Owners"]


@pytest.mark.parametrize(
    ("organisation", "namespace"), [("Palco.Lights_2", "palco-lights-2"), ("_", "unnamed")]
)
def test_an_organisation_whose_name_is_no_namespace_has_one_like_it(
    gitea: Any, organisation: str, namespace: str
) -> None:
    gitea.lists["/api/v1/orgs"][0]["username"] = organisation
    for what in ("members", "teams"):
        gitea.lists[f"/api/v1/orgs/{organisation}/{what}"] = gitea.lists.pop(f"/api/v1/orgs/Palco/{what}")
    found = [each.entity for each in gitea.made("giteaOrg", host="git.example.org").read()]
    assert {each["metadata"]["namespace"] for each in found if each["kind"] == "Group"} == {namespace}
    assert [check(dict(each)) for each in found] == [[]] * len(found)


def test_bitbucket_server_gives_active_users_and_groups(hosts: Any) -> None:
    api = "/rest/api/1.0/admin"
    ada = {
        "name": "Ada.Rossi",
        "slug": "ada.rossi",
        "displayName": "Ada Rossi",
        "emailAddress": "ada@palco.example",
        "active": True,
        "type": "NORMAL",
    }
    bo = {**ada, "name": "bo@palco", "slug": "bo_palco", "displayName": "Bo", "emailAddress": None}
    hosts.lists = {
        f"{api}/users": [ada, bo, {**ada, "name": "left", "slug": "left", "active": False}],
        f"{api}/groups": [{"name": "stash users", "deletable": True}],
        f"{api}/groups/more-members?context=stash users": [ada, bo],
    }
    entities = hosts.catalogued("bitbucketServerOrg", host="bb.example.org")
    assert list(entities) == ["Group:stash_users", "User:Ada.Rossi", "User:bo_palco"]
    assert entities["Group:stash_users"]["spec"]["members"] == ["Ada.Rossi", "bo_palco"]
    assert entities["User:Ada.Rossi"]["location"] == "https://bb.example.org/users/ada.rossi"
    assert entities["User:bo_palco"]["spec"] == {
        "profile": {"displayName": "Bo"},
        "memberOf": ["stash_users"],
    }


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("ada-rossi", "ada-rossi"),
        ("_ada_", "ada"),
        ("Stage & Lights", "Stage_Lights"),
        ("x" * 80, "x" * 63),
        ("___", "unnamed"),
    ],
)
def test_a_name_stays_as_it_is_when_it_can(text: str, name: str) -> None:
    assert valid_name(text) == name


def test_every_entity_is_one_that_the_catalog_takes(gitea: Any) -> None:
    for found in gitea.made("giteaOrg", host="git.example.org").read():
        assert found.entity is not None
        assert check(dict(found.entity)) == []
