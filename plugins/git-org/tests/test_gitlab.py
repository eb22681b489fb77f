"""Groups and users of a GitLab in Backstage's shapes."""

from typing import Any

import pytest
from sipario_git_org import gitlab as module

API = "/api/v4"


def person(name: str, **more: Any) -> dict[str, Any]:
    home = f"https://gitlab.com/{name}"
    return {
        "id": len(name),
        "username": name,
        "name": name.title(),
        "state": "active",
        "web_url": home,
        **more,
    }


def group(id_: int, path: str, parent: int | None = None, **more: Any) -> dict[str, Any]:
    name = path.rpartition("/")[2]
    return {"id": id_, "path": name, "full_path": path, "name": name.title(), "parent_id": parent, **more}


ADA = person("ada", email="ada@palco.example", avatar_url="https://gitlab.com/uploads/ada.png")
STAGE = group(7, "palco/stage", 1, description="Everything that is seen")
LIGHTS = group(8, "palco/stage/lights", 7)


@pytest.fixture
def gitlab(hosts: Any) -> Any:
    everybody = [ADA, person("bo"), person("left", state="blocked"), person("group_7_bot_ab12")]
    hosts.lists = {
        f"{API}/groups/palco/members/all": everybody,
        f"{API}/groups/palco/descendant_groups": [STAGE, LIGHTS, group(9, "palco/old", 1)],
        f"{API}/groups/7/members": [ADA],
        f"{API}/groups/7/members/all": [ADA, person("bo")],
        f"{API}/groups/8/members": [ADA, person("bo"), person("cy")],
        f"{API}/groups/8/members/all": [ADA, person("bo"), person("cy")],
        f"{API}/groups/9/members": [],
        f"{API}/groups": [group(1, "palco"), STAGE],
        f"{API}/groups/1/members": [],
        f"{API}/users": everybody,
    }
    return hosts


def test_groups_below_the_named_one_lie_within_each_other(gitlab: Any) -> None:
    entities = gitlab.catalogued("gitlab", orgEnabled=True, group="palco")
    assert list(entities) == [
        "Group:stage",
        "Group:stage-lights",
        "Group:old",
        "User:ada",
        "User:bo",
        "User:cy",
    ]
    stage = entities["Group:stage"]
    assert stage["metadata"] == {
        "name": "stage",
        "description": "Everything that is seen",
        "annotations": {"gitlab.com/team-path": "palco/stage"},
    }
    assert stage["spec"]["children"] == ["stage-lights"]
    assert entities["Group:stage-lights"]["spec"]["parent"] == "stage"
    assert stage["location"] == "https://gitlab.com/palco/stage"


def test_users_are_active_people_with_the_groups_they_are_in(gitlab: Any) -> None:
    entities = gitlab.catalogued("gitlab", orgEnabled="true", group="palco")
    ada = entities["User:ada"]
    assert ada["metadata"]["annotations"] == {"gitlab.com/user-login": "https://gitlab.com/ada"}
    assert ada["spec"] == {
        "profile": {
            "displayName": "Ada",
            "email": "ada@palco.example",
            "picture": "https://gitlab.com/uploads/ada.png",
        },
        "memberOf": ["stage", "stage-lights"],
    }
    assert ada["location"] == "https://gitlab.com/ada"
    assert entities["User:bo"]["spec"]["memberOf"] == ["stage-lights"]


def test_patterns_choose_groups_and_users(gitlab: Any) -> None:
    entities = gitlab.catalogued(
        "gitlab", orgEnabled=True, group="palco", groupPattern=["^palco/stage$"], userPattern="^a"
    )
    assert list(entities) == ["Group:stage", "User:ada"]


@pytest.mark.parametrize("entry", [{"allowInherited": True}, {"relations": ["INHERITED"]}])
def test_members_of_the_groups_above_count_when_that_is_wished(gitlab: Any, entry: dict[str, Any]) -> None:
    entities = gitlab.catalogued("gitlab", orgEnabled=True, group="palco", groupPattern="stage$", **entry)
    assert entities["User:bo"]["spec"]["memberOf"] == ["stage"]


def test_an_instance_of_ones_own_is_read_whole(gitlab: Any) -> None:
    gitlab.hosts["gitlab"] = ("https://git.palco.example", "https://git.palco.example/api/v4")
    entities = gitlab.catalogued("gitlab", orgEnabled=True)
    assert list(entities) == ["Group:palco", "Group:palco-stage", "User:ada", "User:bo"]
    assert entities["Group:palco-stage"]["spec"]["parent"] == "palco"
    assert "git.palco.example/team-path" in entities["Group:palco"]["metadata"]["annotations"]


@pytest.mark.parametrize(
    ("entry", "where"),
    [
        ({"group": "palco/stage"}, "/users"),
        ({"group": "palco/stage", "restrictUsersToGroup": True}, "/groups/palco%2Fstage/members/all"),
    ],
)
def test_users_are_those_of_the_instance_or_of_the_group_alone(
    gitlab: Any, entry: dict[str, Any], where: str
) -> None:
    gitlab.hosts["gitlab"] = ("https://git.palco.example", "https://git.palco.example/api/v4")
    gitlab.lists = {f"{API}/groups/palco%2Fstage/descendant_groups": [], f"{API}{where}": [ADA]}
    assert list(gitlab.catalogued("gitlab", orgEnabled=True, **entry)) == ["User:ada"]


def test_an_entry_without_org_enabled_is_about_repositories_alone(gitlab: Any) -> None:
    assert module.organisation("main", {"group": "palco"}, gitlab.surroundings()) is None


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ({}, "group: gitlab.com has more groups than yours"),
        ({"group": "palco", "groupPattern": "("}, "groupPattern: this is no regular expression"),
        ({"host": "unknown"}, "host: integrations.gitlab does not name unknown"),
    ],
)
def test_a_wrong_entry_is_told_with_its_key(gitlab: Any, entry: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        gitlab.made("gitlab", orgEnabled=True, **entry)


def test_a_list_of_which_a_part_is_not_there_is_none(gitlab: Any) -> None:
    del gitlab.lists[f"{API}/groups/8/members"]
    assert "gitlab.com answers 404 for /api/v4/groups/8/members" in str(
        gitlab.refused("gitlab", orgEnabled=True, group="palco")
    )


def test_a_list_that_goes_on_at_another_host_is_not_followed(gitlab: Any) -> None:
    gitlab.elsewhere = "https://evil.example"
    message = str(gitlab.refused("gitlab", orgEnabled=True, group="palco"))
    assert message.startswith("https://gitlab.com says that its list goes on at https://evil.example/")
    assert not [url for url, _ in gitlab.asked if "evil" in url]


def test_system_hooks_are_of_the_whole_host(gitlab: Any) -> None:
    hears = gitlab.made("gitlab", orgEnabled=True, group="palco").hears
    assert hears is not None
    assert hears("membership", {"repository": "https://gitlab.com"})
    assert not hears("membership", {"repository": "https://other.example"})
