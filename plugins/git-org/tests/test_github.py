"""Organisations of GitHub: members and teams in Backstage's shapes."""

from typing import Any

import pytest


def page(nodes: list[dict[str, Any]], after: str | None = None) -> dict[str, Any]:
    return {"pageInfo": {"hasNextPage": after is not None, "endCursor": after}, "nodes": nodes}


def answer(**found: Any) -> dict[str, Any]:
    return {"data": {"organization": found}}


ADA = {
    "login": "Ada",
    "databaseId": 42,
    "name": "Ada Rossi",
    "email": "",
    "avatarUrl": "https://avatars.githubusercontent.com/u/42?v=4",
    "bio": "Lights",
    "organizationVerifiedDomainEmails": ["ada@palco.example"],
}
BO = {"login": "bo", "databaseId": 43, "name": None, "email": "bo@home.example", "avatarUrl": "", "bio": None}
STAGE = {
    "slug": "stage",
    "combinedSlug": "palco/stage",
    "name": "Stage",
    "description": "Everything that is seen",
    "avatarUrl": "https://avatars.githubusercontent.com/t/1?v=4",
    "editTeamUrl": "https://github.com/orgs/palco/teams/stage/edit",
    "parentTeam": None,
    "members": page([{"login": "Ada"}]),
}
LIGHTS = {
    **STAGE,
    "slug": "lights",
    "combinedSlug": "palco/lights",
    "name": "Lights",
    "description": None,
    "parentTeam": {"slug": "stage"},
    "members": page([{"login": "Ada"}], "m1"),
}


@pytest.fixture
def github(hosts: Any) -> Any:
    hosts.graphql = {
        ("membersWithRole", None): answer(found=page([ADA], "u1")),
        ("membersWithRole", "u1"): answer(found=page([BO])),
        ("teams", None): answer(found=page([STAGE], "t1")),
        ("teams", "t1"): answer(found=page([LIGHTS])),
        ("team", None): answer(team={"found": page([{"login": "Ada"}], "m1")}),
        ("team", "m1"): answer(team={"found": page([{"login": "bo"}])}),
    }
    return hosts


def test_members_are_users_with_their_teams(github: Any) -> None:
    entities = github.catalogued("githubOrg", orgs=["palco"])
    assert list(entities) == ["Group:stage", "Group:lights", "User:Ada", "User:bo"]
    assert entities["User:Ada"] == {
        "apiVersion": "backstage.io/v1alpha1",
        "kind": "User",
        "metadata": {
            "name": "Ada",
            "description": "Lights",
            "annotations": {"github.com/user-login": "Ada", "github.com/user-id": "42"},
        },
        "spec": {
            "profile": {
                "displayName": "Ada Rossi",
                "email": "ada@palco.example",
                "picture": "https://avatars.githubusercontent.com/u/42?v=4",
            },
            "memberOf": ["lights", "stage"],
        },
        "location": "https://github.com/Ada",
    }
    assert entities["User:bo"]["spec"] == {"profile": {"email": "bo@home.example"}, "memberOf": ["lights"]}


def test_teams_are_groups_within_each_other(github: Any) -> None:
    entities = github.catalogued("githubOrg", githubUrl="https://github.com", orgs=["palco"])
    assert entities["Group:stage"] == {
        "apiVersion": "backstage.io/v1alpha1",
        "kind": "Group",
        "metadata": {
            "name": "stage",
            "description": "Everything that is seen",
            "annotations": {
                "github.com/team-slug": "palco/stage",
                "backstage.io/edit-url": "https://github.com/orgs/palco/teams/stage/edit",
            },
        },
        "spec": {
            "type": "team",
            "profile": {"displayName": "Stage", "picture": "https://avatars.githubusercontent.com/t/1?v=4"},
            "children": ["lights"],
            "members": ["Ada"],
        },
        "location": "https://github.com/orgs/palco/teams/stage",
    }
    lights = entities["Group:lights"]["spec"]
    assert (lights["parent"], lights["children"], lights["members"]) == ("stage", [], ["Ada", "bo"])


def test_teams_of_several_organisations_have_namespaces(github: Any) -> None:
    github.apps = ["Palco"]
    entities = github.catalogued("githubOrg")
    assert "Group:palco/lights" in entities
    assert entities["Group:palco/lights"]["spec"]["members"] == ["default/Ada", "default/bo"]
    assert entities["User:bo"]["spec"]["memberOf"] == ["palco/lights"]
    assert {headers["authorization"] for _, headers in github.asked} == {"of Palco"}


def test_a_server_of_ones_own_has_graphql_beside_its_api(github: Any) -> None:
    github.hosts["github"] = ("https://ghe.example.org", "https://ghe.example.org/api/v3")
    entities = github.catalogued("githubOrg", githubUrl="https://ghe.example.org", orgs=["palco"])
    assert entities["User:Ada"]["location"] == "https://ghe.example.org/Ada"
    assert {url for url, _ in github.asked} == {"https://ghe.example.org/api/graphql"}


@pytest.mark.parametrize(
    ("type_", "later"), [("NOT_FOUND", False), ("RATE_LIMITED", True), ("FORBIDDEN", False)]
)
def test_what_github_refuses_is_told_and_part_of_an_organisation_is_none(
    github: Any, type_: str, later: bool
) -> None:
    said = "Could not resolve to an Organization with the login of 'palco'."
    github.graphql["teams", "t1"] = {"data": None, "errors": [{"type": type_, "message": said}]}
    refusal = github.refused("githubOrg", orgs=["palco"])
    assert (str(refusal), refusal.later) == (f"api.github.com answers: {said}", later)


def test_an_answer_of_another_shape_is_no_organisation(github: Any) -> None:
    github.graphql["teams", None] = answer(found={"edges": []})
    assert "does not answer as its kind of host does" in str(github.refused("githubOrg", orgs=["palco"]))


def test_an_organisation_that_the_login_may_not_see_is_named(github: Any) -> None:
    github.graphql["teams", None] = {"data": {"organization": None}}
    assert str(github.refused("githubOrg", orgs=["palco"])).endswith(
        "shows no organisation palco to this login"
    )


def test_a_host_that_gives_one_page_again_and_again_is_not_asked_for_ever(github: Any) -> None:
    github.graphql["membersWithRole", "u1"] = answer(found=page([BO], "u1"))
    assert "again and again" in str(github.refused("githubOrg", orgs=["palco"]))
    assert len(github.asked) == 2


def test_without_names_and_without_an_app_there_is_nothing_to_read(github: Any) -> None:
    assert str(github.refused("githubOrg")).startswith("orgs: name the organisations")


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ({"orgs": "palco"}, "orgs: a list of texts"),
        ({"githubUrl": "https://other.example"}, "githubUrl: integrations.github does not name"),
    ],
)
def test_a_wrong_entry_is_told_with_its_key(github: Any, entry: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        github.made("githubOrg", **entry)


@pytest.mark.parametrize(
    ("change", "repository", "heard"),
    [
        ("membership", "https://github.com/palco", True),
        ("membership", "https://github.com/other", False),
        ("membership", "https://elsewhere.example/palco", False),
        ("pushed", "https://github.com/palco", False),
    ],
)
def test_it_hears_of_its_own_organisations_only(
    github: Any, change: str, repository: str, heard: bool
) -> None:
    hears = github.made("githubOrg", orgs=["Palco"]).hears
    assert hears is not None
    assert hears(change, {"repository": repository}) is heard
