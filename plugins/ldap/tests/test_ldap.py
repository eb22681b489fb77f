"""A directory gives its users and groups, related; what is wrong is told without a secret."""

import base64
from typing import Any

import pytest
from sipario_ldap import organisation, register
from sipario_ldap.entry import Entry
from sipario_ldap.vendor import ACTIVE_DIRECTORY, FREE_IPA, LLDAP, PLAIN, vendor
from sipario_plugin import Ask, Extensions, Found, Surroundings, Unreadable

ROOT = "dc=palco,dc=example"
PEOPLE, GROUPS = f"ou=people,{ROOT}", f"ou=groups,{ROOT}"


def unasked(*_: Any, **__: Any) -> Any:
    raise AssertionError("LDAP is no HTTP")


ask: Ask = unasked
SURROUNDINGS = Surroundings(ask)


def read(entry: dict[str, Any]) -> dict[str, Any]:
    """Read once; return the entities by kind and name."""
    found = organisation("palco", entry, SURROUNDINGS).read()
    entities = [one.entity for one in found if one.entity]
    return {f"{entity['kind']}:{entity['metadata']['name']}": entity for entity in entities}


def test_a_user_is_described_by_the_usual_attributes(directory: Any) -> None:
    ada = read(directory.entry())["User:ada"]
    assert ada["metadata"]["annotations"]["backstage.io/ldap-dn"] == f"uid=ada,{PEOPLE}"
    assert ada["metadata"]["annotations"]["backstage.io/ldap-rdn"] == "ada"
    assert len(ada["metadata"]["annotations"]["backstage.io/ldap-uuid"]) == 36
    assert ada["spec"] == {
        "profile": {"displayName": "Ada Bruni", "email": "ada@palco.example"},
        "memberOf": ["group:default/scene"],
    }


def test_everything_that_is_no_ascii_comes_as_it_is(directory: Any) -> None:
    assert read(directory.entry())["User:bea"]["spec"]["profile"]["displayName"] == "Béa Ñandú"


def test_each_says_where_it_was_found(directory: Any) -> None:
    found: list[Found] = [*organisation("palco", directory.entry(), SURROUNDINGS).read()]
    assert "ldap://palco/uid%3Dada%2Cou%3Dpeople%2Cdc%3Dpalco%2Cdc%3Dexample" in [
        one.location for one in found
    ]


def test_groups_nest_however_their_members_are_written(directory: Any) -> None:
    entities = read(directory.entry())
    assert entities["Group:company"]["spec"]["children"] == ["group:default/light", "group:default/scene"]
    assert entities["Group:light"]["spec"]["parent"] == "group:default/company"
    assert entities["Group:scene"]["spec"]["parent"] == "group:default/company"  # light has it too
    assert entities["Group:light"]["spec"]["children"] == ["group:default/scene"]
    assert entities["User:bea"]["spec"]["memberOf"] == ["group:default/scene"]
    assert entities["Group:company"]["metadata"]["description"] == "Everybody"


def test_users_may_name_their_groups_instead(directory: Any) -> None:
    users = [{"dn": PEOPLE, "map": {"memberOf": "seeAlso"}}]
    groups = [{"dn": GROUPS, "map": {"members": "owner"}}]
    entities = read(directory.entry(users=users, groups=groups))
    assert entities["User:bea"]["spec"]["memberOf"] == ["group:default/scene"]
    assert entities["Group:scene"]["spec"]["children"] == []


def test_a_filter_of_several_lines_a_scope_and_values_that_are_set(directory: Any) -> None:
    part = {
        "dn": ROOT,
        "options": {"scope": "sub", "filter": "(&\n  (objectClass=inetOrgPerson)\n  (uid=c*)\n)"},
        "set": {
            "metadata.namespace": "stage",
            "metadata.annotations['palco.example/from']": "ldap",
            "spec.x": 1,
        },
    }
    groups = {"dn": GROUPS, "set": {"spec.type": "team"}}
    entities = read(directory.entry(users=part, groups=groups))
    assert [name for name in entities if name.startswith("User")] == ["User:carlo"]
    carlo = entities["User:carlo"]
    assert carlo["metadata"]["namespace"] == "stage"
    assert carlo["metadata"]["annotations"]["palco.example/from"] == "ldap"
    assert carlo["spec"] == {
        "profile": {"displayName": "Carlo"},
        "memberOf": ["group:default/light"],
        "x": 1,
    }
    assert entities["Group:light"]["spec"]["type"] == "team"


def test_who_is_in_several_parts_is_there_once(directory: Any) -> None:
    again = {"dn": ROOT, "options": {"scope": "sub", "filter": "(uid=ada)"}, "set": {"metadata.title": "Ada"}}
    found = [*organisation("palco", directory.entry(users=[{"dn": PEOPLE}, again]), SURROUNDINGS).read()]
    ada = [one.entity for one in found if one.entity and one.entity["metadata"]["name"] == "ada"]
    assert [entity["metadata"].get("title") for entity in ada] == ["Ada"]


def test_pages_of_one_entry_give_all(directory: Any) -> None:
    paged = {"options": {"paged": {"pageSize": 1}}}
    assert len(read(directory.entry(users=[{"dn": PEOPLE, **paged}], groups=[{"dn": GROUPS, **paged}]))) == 6


def test_ids_in_bytes_are_written_as_windows_does(directory: Any) -> None:
    vendor_keys = {"dnAttributeName": "dn", "uuidAttributeName": "objectGUID"}
    users = [{"dn": PEOPLE, "map": {"description": "objectSid"}}]
    ada = read(directory.entry(vendor=vendor_keys, users=users))["User:ada"]
    assert ada["metadata"]["annotations"]["backstage.io/ldap-uuid"] == "04030201-0605-0807-090a-0b0c0d0e0f10"
    assert ada["metadata"]["description"] == "S-1-5-21-2127521184-1604012920-1887927527-1104"


def test_names_are_told_in_lower_case_where_the_entry_asks_for_it(directory: Any) -> None:
    users = [{"dn": PEOPLE.upper(), "options": {"filter": "(uid=ada)"}}]
    ada = read(directory.entry(users=users, vendor={"dnCaseSensitive": True}))["User:ada"]
    assert ada["metadata"]["annotations"]["backstage.io/ldap-dn"] == f"uid=ada,{PEOPLE}"


def test_a_wrong_secret_is_told_without_it(directory: Any) -> None:
    bind = {"dn": f"cn=admin,{ROOT}", "secret": "wrong-secret"}
    with pytest.raises(
        Unreadable, match=r"^127.*:\d+ refuses the sign-in as cn=admin,.*: invalidCredentials"
    ) as refused:
        read(directory.entry(bind=bind))
    assert "wrong-secret" not in str(refused.value)
    assert not refused.value.later


def test_a_place_that_is_not_there_is_told_with_its_key(directory: Any) -> None:
    with pytest.raises(Unreadable, match=r"refuses users\[0\] \(ou=ghosts,.*noSuchObject"):
        read(directory.entry(users=[{"dn": f"ou=ghosts,{ROOT}"}]))


def test_a_part_of_the_entries_is_never_taken_for_all(directory: Any) -> None:
    users = [{"dn": PEOPLE, "options": {"sizeLimit": 2, "paged": False}}]
    with pytest.raises(Unreadable, match=r"sizeLimitExceeded.*options\.sizeLimit"):
        read(directory.entry(users=users))


def test_a_filter_that_is_none_is_told(directory: Any) -> None:
    with pytest.raises(Unreadable, match=r"users\[0\].*options\.filter"):
        read(directory.entry(users=[{"dn": PEOPLE, "options": {"filter": "(uid=ada"}}]))


def test_a_certificate_that_nobody_signed_is_refused_unless_it_is_to_be_taken(secure_directory: Any) -> None:
    with pytest.raises(Unreadable, match="certificate verify failed"):
        read(secure_directory.entry())
    assert "User:ada" in read(secure_directory.entry(tls={"rejectUnauthorized": False}))


def test_nobody_at_home_is_worth_another_try() -> None:
    entry = {"target": "ldap://127.0.0.1:1", "bind": {"dn": "cn=a", "secret": "hush-hush"}}
    with pytest.raises(Unreadable, match="does not answer") as refused:
        read(entry)
    assert refused.value.later
    assert "hush-hush" not in str(refused.value)


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ({}, "target is missing"),
        ({"target": "https://ldap.palco.example"}, "target: ldap://host or ldaps://host is expected"),
        ({"target": "ldap://palco.example:many"}, "target: "),
        ({"target": "ldap://h", "bind": {"dn": "cn=a"}}, "bind.secret is missing"),
        ({"target": "ldap://h", "users": [{"dn": "a"}, {}]}, r"users\[1\].dn is missing"),
        (
            {"target": "ldap://h", "groups": {"dn": "a", "options": {"scope": "all"}}},
            "groups.options.scope: base,",
        ),
        (
            {"target": "ldap://h", "users": [{"dn": "a", "options": {"sizeLimit": "x"}}]},
            r"users\[0\].options.sizeLimit",
        ),
        (
            {"target": "ldap://h", "users": [{"dn": "a", "options": {"derefAliases": 9}}]},
            "derefAliases: 0 to 3",
        ),
    ],
)
def test_an_entry_that_can_not_be_used_names_its_key(entry: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        organisation("palco", entry, SURROUNDINGS)


def test_a_secret_is_not_shown_with_the_settings() -> None:
    made = organisation(
        "palco", {"target": "ldap://h", "bind": {"dn": "cn=a", "secret": "hush-hush"}}, SURROUNDINGS
    )
    assert "hush-hush" not in repr(made)


@pytest.mark.parametrize(
    ("has", "name", "kind"),
    [
        ({"forestfunctionality"}, "", ACTIVE_DIRECTORY),
        ({"ipadomainlevel"}, "", FREE_IPA),
        (set(), "LLDAP", LLDAP),
        ({"vendorname"}, "OpenLDAP", PLAIN),
    ],
)
def test_the_kind_of_a_directory_tells_where_ids_are(has: set[str], name: str, kind: object) -> None:
    assert vendor(has, name) == kind


def test_an_id_of_another_length_and_bytes_that_are_no_text_say_nothing() -> None:
    picture = base64.b64decode("/9j/4AAQSkZJRg==")
    entry = Entry("uid=a", {"objectsid": [b"\x01\xff\xff"], "jpegphoto": [picture]})
    assert entry.texts("objectSid") == entry.texts("jpegPhoto") == []


def test_the_provider_goes_by_backstages_name() -> None:
    portal = Extensions()
    register(portal)
    assert [name for name, _ in portal.providers] == ["ldapOrg"]
