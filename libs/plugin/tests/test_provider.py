"""What is found is one thing, and an answer of a host gives its JSON or says why not."""

import pytest
from sipario_plugin import Answer, Extensions, Found, Provider, Surroundings, Unreadable

URL = "https://graph.example/v1/users?page=1"


def test_something_found_is_an_entity_or_a_file_and_never_both() -> None:
    Found("ldap://here", {"kind": "User"})
    Found("url:https://here/catalog-info.yaml", content=b"")
    for wrong in ({}, {"entity": {}, "content": b""}):
        with pytest.raises(ValueError, match="either an entity, or the content"):
            Found("ldap://here", **wrong)  # type: ignore[arg-type]


def test_a_good_answer_gives_its_json() -> None:
    assert Answer(URL, 200, body=b'{"value": []}').json() == {"value": []}


@pytest.mark.parametrize(
    ("status", "body", "message", "later"),
    [
        (401, b"expired", "graph.example refuses these credentials with 401: expired", False),
        (404, b"", "graph.example answers 404 for /v1/users: it says no more", False),
        (503, b"back soon", "graph.example answers 503 for /v1/users: back soon", True),
        (302, b"", "graph.example answers 302 for /v1/users: it says no more", False),
        (200, b"<html>", "graph.example does not answer with JSON for /v1/users", False),
    ],
)
def test_any_other_answer_says_why_it_gives_none(status: int, body: bytes, message: str, later: bool) -> None:
    with pytest.raises(Unreadable, match=message) as caught:
        Answer(URL, status, body=body).json()
    assert caught.value.later is later


def test_makers_are_added_by_the_key_of_their_entries() -> None:
    def making(name: str, entry: object, _surroundings: Surroundings) -> Provider:
        return Provider(lambda: [Found(f"here:{name}", {"kind": "User", "entry": entry})])

    portal = Extensions().drafted("shout")
    portal.providers.add("shoutOrg", making)
    assert [key for key, _ in portal.providers] == ["shoutOrg"]
