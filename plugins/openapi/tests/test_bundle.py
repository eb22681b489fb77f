from collections.abc import Mapping

import pytest
from sipario_model import read
from sipario_openapi import bundled, register
from sipario_plugin import Extensions, Reference


def given(files: Mapping[str, str], address: str = "api/openapi.yaml") -> Reference:
    def reads(path: str) -> bytes:
        if path not in files:
            raise ValueError(f"{path} is not there")
        return files[path].encode()

    return Reference(address, reads)


def whole(files: Mapping[str, str], address: str = "api/openapi.yaml") -> object:
    text = bundled(given(files, address))
    reading = read(text, "whole")
    assert not reading.problems, text
    return reading.documents[0].value


PETS = """
openapi: 3.0.3
paths:
  /pets/{id}:
    get:
      responses:
        200:
          content:
            application/json:
              schema: {$ref: '../schemas/pet.yaml#/Pet'}
  /pets:
    get:
      responses:
        200: {$ref: './responses.yaml#/Pets'}
components:
  schemas:
    Error: {type: object}
    Again: {$ref: '#/components/schemas/Error'}
"""
FILES = {
    "api/openapi.yaml": PETS,
    "api/responses.yaml": "Pets: {description: all, schema: {type: array, items: {$ref: '../schemas/pet.yaml#/Pet'}}}",
    "schemas/pet.yaml": "Pet: {type: object, properties: {owner: {$ref: 'person.json'}, kind: {$ref: '#/Kind'}}}\n"
    "Kind: {enum: [cat, dog]}",
    "schemas/person.json": '{"type": "object", "properties": {"friend": {"$ref": "person.json"}}}',
}
FIRST = "#/paths/~1pets~1%7Bid%7D/get/responses/200/content/application~1json/schema"


def test_what_other_files_hold_stands_where_it_is_taken_first_and_later_refs_lead_there() -> None:
    found = whole(FILES)
    assert isinstance(found, dict)
    pet = found["paths"]["/pets/{id}"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    assert pet["properties"]["kind"] == {"enum": ["cat", "dog"]}
    assert found["paths"]["/pets"]["get"]["responses"]["200"] == {
        "description": "all",
        "schema": {"type": "array", "items": {"$ref": FIRST}},
    }


def test_what_takes_itself_leads_back_to_itself() -> None:
    found = whole(FILES)
    assert isinstance(found, dict)
    pet = found["paths"]["/pets/{id}"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    assert pet["properties"]["owner"]["properties"]["friend"] == {"$ref": f"{FIRST}/properties/owner"}


def test_refs_inside_the_file_and_to_the_web_stay() -> None:
    found = whole(
        {
            "api/openapi.yaml": "a: {$ref: '#/b'}\nb: {$ref: 'https://example.com/x.yaml#/c'}\nc: {$ref: '#name'}",
        }
    )
    assert found == {
        "a": {"$ref": "#/b"},
        "b": {"$ref": "https://example.com/x.yaml#/c"},
        "c": {"$ref": "#name"},
    }


def test_what_stands_beside_a_ref_is_kept_and_is_not_for_others() -> None:
    found = whole(
        {
            "api/openapi.yaml": "a: {$ref: 'b.yaml', description: mine}\nc: {$ref: 'b.yaml'}",
            "api/b.yaml": "description: b\ntype: string",
        }
    )
    assert found == {
        "a": {"description": "mine", "type": "string"},
        "c": {"description": "b", "type": "string"},
    }


def test_a_definition_on_the_web_takes_from_beside_it() -> None:
    files = {
        "https://example.com/api/openapi.yaml": "a: {$ref: '../b.yaml'}",
        "https://example.com/b.yaml": "c: 1",
    }
    assert whole(files, "https://example.com/api/openapi.yaml") == {"a": {"c": 1}}


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ({"api/openapi.yaml": "a: {$ref: 'b.yaml'}"}, "api/b.yaml is not there"),
        ({"api/openapi.yaml": "a: {$ref: 'b.yaml#/c'}", "api/b.yaml": "d: 1"}, "there is no c"),
        ({"api/openapi.yaml": "a: {$ref: 'b.yaml#c'}", "api/b.yaml": "d: 1"}, "names an anchor"),
        ({"api/openapi.yaml": "a: [}"}, "api/openapi.yaml"),
        ({"api/openapi.yaml": "a: {$ref: 'b.yaml'}", "api/b.yaml": "{a: 1}\n---\n{b: 2}"}, "2 documents"),
    ],
)
def test_what_cant_be_put_together_says_why(files: Mapping[str, str], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        bundled(given(files))


def test_too_many_files_end_it() -> None:
    files = {f"api/{number}.yaml": f"a: {{$ref: '{number + 1}.yaml'}}" for number in range(300)}
    with pytest.raises(ValueError, match=r"too large|more than 200 files"):
        bundled(given(files, "api/0.yaml"))


def test_copies_of_copies_end_it() -> None:
    files = {"api/openapi.yaml": "\n".join(f"a{n}: {{$ref: 'b0.yaml', x: 1}}" for n in range(10))}
    for level in range(8):
        refs = "\n".join(f"a{n}: {{$ref: 'b{level + 1}.yaml', x: 1}}" for n in range(10))
        files[f"api/b{level}.yaml"] = refs
    files["api/b8.yaml"] = "c: 1"
    with pytest.raises(ValueError, match="too large"):
        bundled(given(files))


def test_both_placeholders_are_added() -> None:
    portal = Extensions()
    register(portal)
    assert [name for name, _ in portal.placeholders] == ["openapi", "asyncapi"]
