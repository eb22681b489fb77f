"""A tenant gives its users and groups, related, as Graph's public documentation shapes its answers."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from sipario_entra import organisation, register
from sipario_entra.entities import name_of
from sipario_plugin import Answer, Extensions, Surroundings, Unreadable

TENANT = "84841066-274d-4ec0-a5c1-276be684bdd3"
GRAPH = "https://graph.microsoft.com/v1.0"
CONTEXT = "https://graph.microsoft.com/v1.0/$metadata#"
SECRET = "hush~hush.8Q"
ENTRY = {"tenantId": TENANT, "clientId": "b2c9", "clientSecret": SECRET, "user": {"loadPhotos": False}}

ADELE = {"id": "87d349ed", "displayName": "Adele Vance", "mail": "AdeleV@Contoso.com", "accountEnabled": True}
ALEX = {"id": "4782e723", "displayName": "Alex Wilber", "mail": "AlexW@Contoso.com", "accountEnabled": True}
GONE = {"id": "c03e6eaa", "displayName": "Gone Away", "mail": "gone@contoso.com", "accountEnabled": False}
ROOM = {"id": "013b7b1b", "displayName": "Conf Room Baker", "mail": None, "accountEnabled": True}
HR = {
    "id": "02bd9fd6",
    "displayName": "HR Taskforce (Readers)",
    "description": "Welcome to the HR Taskforce team.",
    "mail": "HRTaskforce@Contoso.com",
    "mailNickname": "HRTaskforce",
    "securityEnabled": False,
}
SALES = {"id": "06f62f70", "displayName": "Sales & Marketing", "mailNickname": "x1", "securityEnabled": True}
SUB = {"id": "0a53828f", "displayName": "Sub", "mailNickname": "sub", "securityEnabled": True}


def a_user(object_: Mapping[str, Any]) -> dict[str, str]:
    return {"@odata.type": "#microsoft.graph.user", "id": object_["id"]}


def a_group(object_: Mapping[str, Any]) -> dict[str, str]:
    return {"@odata.type": "#microsoft.graph.group", "id": object_["id"]}


class Microsoft:
    """Signs an application in, and answers as Graph does: two objects a page, the rest by its next link."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, Mapping[str, str]]] = []
        self.tokens = 0
        self.photos: dict[str, bytes] = {}
        self.one: dict[str, Mapping[str, Any]] = {
            f"organization/{TENANT}": {"id": TENANT, "displayName": "Contoso"}
        }
        self.all: dict[str, list[Mapping[str, Any]]] = {
            "users": [ADELE, ALEX, ROOM],
            "groups": [HR, SALES],
            "groups/02bd9fd6/members": [a_user(ADELE), a_group(SALES)],
            "groups/06f62f70/members": [
                a_user(ALEX),
                a_group(SUB),
                {"@odata.type": "#microsoft.graph.device"},
            ],
            "groups/0a53828f/members": [],
        }

    def __call__(
        self, url: str, *, method: str = "GET", headers: Mapping[str, str] | None = None, body: bytes = b""
    ) -> Answer:
        headers = headers or {}
        self.asked.append((url, headers))
        if method == "POST":
            return self._sign_in(url, parse_qs(body.decode()))
        if headers.get("authorization") != f"Bearer token-{self.tokens}":
            return self.refusal(url, 401, "InvalidAuthenticationToken", "Access token is empty.")
        path = urlsplit(url).path.removeprefix("/v1.0/")
        if path.startswith("users/"):
            photo = self.photos.get(path.split("/")[1])
            return Answer(url, 200, {}, photo) if photo else self.refusal(url, 404, "ImageNotFound", "None.")
        return self._given(url, path)

    def _given(self, url: str, path: str) -> Answer:
        if path in self.one:
            return Answer(url, 200, {}, json.dumps({"@odata.context": CONTEXT, **self.one[path]}).encode())
        if path not in self.all:
            return self.refusal(url, 404, "Request_ResourceNotFound", f"Resource '{path}' does not exist.")
        start = int(parse_qs(urlsplit(url).query).get("$skiptoken", ["0"])[0])
        page = {"@odata.context": CONTEXT + path, "value": self.all[path][start : start + 2]}
        if start + 2 < len(self.all[path]):
            page["@odata.nextLink"] = f"{GRAPH}/{path}?$skiptoken={start + 2}"
        return Answer(url, 200, {}, json.dumps(page).encode())

    def _sign_in(self, url: str, form: Mapping[str, list[str]]) -> Answer:
        if form["client_secret"] != [SECRET]:
            said = {
                "error": "invalid_client",
                "error_description": "AADSTS7000215: Invalid client secret provided.\r\nTrace ID: 0",
            }
            return Answer(url, 401, {}, json.dumps(said).encode())
        assert url == f"https://login.microsoftonline.com/{TENANT}/oauth2/v2.0/token"
        assert form["scope"] == ["https://graph.microsoft.com/.default"]
        self.tokens += 1
        token = {"token_type": "Bearer", "expires_in": 3599, "access_token": f"token-{self.tokens}"}
        return Answer(url, 200, {}, json.dumps(token).encode())

    @staticmethod
    def refusal(url: str, status: int, code: str, message: str) -> Answer:
        return Answer(url, status, {}, json.dumps({"error": {"code": code, "message": message}}).encode())

    def paths(self) -> list[str]:
        return [unquote(url.removeprefix(GRAPH + "/")) for url, _ in self.asked if url.startswith(GRAPH)]


def read(microsoft: Microsoft, **more: Any) -> dict[str, Any]:
    """Read once; return the entities by kind and name."""
    found = organisation("main", {**ENTRY, **more}, Surroundings(microsoft)).read()
    entities = [one.entity for one in found if one.entity]
    return {f"{entity['kind']}:{entity['metadata']['name']}": entity for entity in entities}


def test_users_and_groups_are_named_and_described_as_in_backstage() -> None:
    entities = read(Microsoft())
    assert entities.keys() == {
        *("User:adelev_contoso.com", "User:alexw_contoso.com"),  # not the room, which has no address
        *("Group:contoso", "Group:hrtaskforce", "Group:sales_marketing"),
    }
    assert entities["User:adelev_contoso.com"] == {
        "apiVersion": "backstage.io/v1alpha1",
        "kind": "User",
        "metadata": {
            "name": "adelev_contoso.com",
            "annotations": {
                "microsoft.com/email": "AdeleV@Contoso.com",
                "graph.microsoft.com/user-id": "87d349ed",
            },
        },
        "spec": {
            "profile": {"displayName": "Adele Vance", "email": "AdeleV@Contoso.com"},
            "memberOf": ["group:default/contoso", "group:default/hrtaskforce"],
        },
    }
    assert entities["Group:hrtaskforce"] == {
        "apiVersion": "backstage.io/v1alpha1",
        "kind": "Group",
        "metadata": {
            "name": "hrtaskforce",
            "description": "Welcome to the HR Taskforce team.",
            "annotations": {"graph.microsoft.com/group-id": "02bd9fd6"},
        },
        "spec": {
            "type": "team",
            "profile": {"displayName": "HR Taskforce (Readers)", "email": "HRTaskforce@Contoso.com"},
            "children": ["group:default/sales_marketing"],
            "parent": "group:default/contoso",
        },
    }


def test_the_tenant_is_above_all_and_a_user_is_in_all_groups_above() -> None:
    entities = read(Microsoft())
    root = entities["Group:contoso"]
    assert root["metadata"]["annotations"] == {"graph.microsoft.com/tenant-id": TENANT}
    assert (root["spec"]["type"], root["spec"]["children"]) == ("root", ["group:default/hrtaskforce"])
    assert entities["Group:sales_marketing"]["spec"]["parent"] == "group:default/hrtaskforce"
    assert entities["User:alexw_contoso.com"]["spec"]["memberOf"] == [
        *("group:default/contoso", "group:default/hrtaskforce", "group:default/sales_marketing")
    ]


def test_each_says_where_it_was_found() -> None:
    found = organisation("main", ENTRY, Surroundings(Microsoft())).read()
    assert {f"msgraph:main/{TENANT}", "msgraph:main/87d349ed", "msgraph:main/02bd9fd6"} < {
        one.location for one in found
    }


def test_one_token_serves_a_whole_reading() -> None:
    microsoft = Microsoft()
    read(microsoft)
    assert microsoft.tokens == 1


def test_after_a_token_that_is_no_more_taken_the_next_reading_signs_in_again() -> None:
    microsoft = Microsoft()
    provider = organisation("main", ENTRY, Surroundings(microsoft))
    assert len([*provider.read()]) == 5
    microsoft.tokens = 7
    with pytest.raises(Unreadable, match="InvalidAuthenticationToken"):
        provider.read()
    assert len([*provider.read()]) == 5


def test_only_those_who_may_sign_in_are_asked_for_unless_a_filter_says_otherwise() -> None:
    microsoft = Microsoft()
    read(microsoft)
    assert (
        "users?$select=id,displayName,mail,accountEnabled&$filter=accountEnabled eq true&$top=999"
        in microsoft.paths()
    )
    microsoft = Microsoft()
    read(microsoft, user={"filter": "userType eq 'member'", "select": ["jobTitle"], "loadPhotos": "false"})
    assert (
        "users?$select=id,displayName,mail,accountEnabled,jobTitle&$filter=userType eq 'member'&$top=999"
        in (microsoft.paths())
    )


def test_a_search_is_asked_in_the_advanced_mode() -> None:
    microsoft = Microsoft()
    read(microsoft, group={"search": '"displayName:-team"'})
    url, headers = next(
        (url, headers) for url, headers in microsoft.asked if "%24search" in url or "$search" in url
    )
    assert "$count=true" in url
    assert headers["consistencylevel"] == "eventual"


def test_users_may_be_the_members_of_some_groups() -> None:
    microsoft = Microsoft()
    for id_ in (HR["id"], SALES["id"]):
        microsoft.all[f"groups/{id_}/members/microsoft.graph.user"] = [ADELE, GONE]
    entities = read(microsoft, userGroupMember={"filter": "displayName eq 'Portal'"})
    assert [name for name in entities if name.startswith("User")] == ["User:adelev_contoso.com"]


def test_groups_inside_groups_are_read_when_they_are_wanted() -> None:
    microsoft = Microsoft()
    microsoft.one[f"groups/{SUB['id']}"] = SUB
    entities = read(microsoft, group={"includeSubGroups": True})
    assert entities["Group:sub"]["spec"]["parent"] == "group:default/sales_marketing"
    assert "Group:sub" not in read(microsoft)


def test_groups_in_a_circle_are_read_all_the_same() -> None:
    microsoft = Microsoft()
    microsoft.all["groups/06f62f70/members"] = [a_group(HR), a_group(SALES), a_user(ALEX)]
    entities = read(microsoft)
    assert entities["Group:hrtaskforce"]["spec"]["parent"] == "group:default/sales_marketing"
    assert entities["Group:sales_marketing"]["spec"]["parent"] == "group:default/hrtaskforce"


def test_a_small_photo_becomes_the_picture() -> None:
    microsoft = Microsoft()
    microsoft.photos = {"87d349ed": b"\xff\xd8\xff", "4782e723": b"\xff" * 100_000}
    entities = read(microsoft, user={})
    assert entities["User:adelev_contoso.com"]["spec"]["profile"]["picture"] == "data:image/jpeg;base64,/9j/"
    assert "picture" not in entities["User:alexw_contoso.com"]["spec"]["profile"]


def test_a_wrong_secret_is_told_in_microsofts_words_and_without_it() -> None:
    with pytest.raises(
        Unreadable, match=r"refuses the sign-in: invalid_client: AADSTS7000215.*provided\.$"
    ) as told:
        read(Microsoft(), clientSecret="wrong-secret")
    assert "wrong-secret" not in str(told.value)
    assert not told.value.later


def test_what_may_not_be_read_is_told_in_microsofts_words() -> None:
    microsoft = Microsoft()
    del microsoft.all["groups"]
    with pytest.raises(
        Unreadable, match="refuses groups: Request_ResourceNotFound: Resource 'groups' does not"
    ):
        read(microsoft)


@pytest.mark.parametrize("said", [b"[]", b'{"value": {}}', b"<html>"])
def test_an_answer_of_another_shape_is_no_empty_tenant(said: bytes) -> None:
    microsoft = Microsoft()

    def broken(url: str, **more: Any) -> Answer:
        return Answer(url, 200, {}, said) if "/users?" in url else microsoft(url, **more)

    with pytest.raises(Unreadable, match=r"users|graph\.microsoft\.com"):
        read(broken)  # type: ignore[arg-type]


def test_a_next_page_elsewhere_is_not_told_the_token() -> None:
    microsoft = Microsoft()

    def lying(url: str, **more: Any) -> Answer:
        page = json.dumps({"value": [], "@odata.nextLink": "https://evil.example/v1.0/users"}).encode()
        return Answer(url, 200, {}, page) if "/users?" in url else microsoft(url, **more)

    with pytest.raises(Unreadable, match=r"on another host, evil\.example"):
        read(lying)  # type: ignore[arg-type]


def test_a_server_in_trouble_is_worth_another_try() -> None:
    with pytest.raises(Unreadable, match="refuses the sign-in: it answers 503") as told:
        read(lambda url, **_: Answer(url, 503))  # type: ignore[arg-type]
    assert told.value.later


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"tenantId": ""}, "tenantId is missing"),
        ({"clientSecret": None}, "clientSecret is missing"),
        ({"target": "graph.microsoft.com"}, "target: a URL is expected"),
        ({"queryMode": "fast"}, "queryMode: basic or advanced is expected"),
    ],
)
def test_an_entry_that_can_not_be_used_names_its_key(change: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        read(Microsoft(), **change)


def test_a_secret_is_not_shown_with_the_settings() -> None:
    assert SECRET not in repr(organisation("main", ENTRY, Surroundings(Microsoft())))


@pytest.mark.parametrize(
    ("text", "name"),
    [("Ada.B@Contoso.com", "ada.b_contoso.com"), ("my group (Reader)", "my_group_reader"), (" Ä & Ö ", "")],
)
def test_names_are_made_as_in_backstage(text: str, name: str) -> None:
    assert name_of(text) == name


def test_the_provider_goes_by_backstages_name() -> None:
    portal = Extensions()
    register(portal)
    assert [name for name, _ in portal.providers] == ["microsoftGraphOrg"]
