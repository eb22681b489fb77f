"""Refs are read as the catalog reads them, and say what is missing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sipario_model import EntityRef, RefError

PART = st.text(min_size=1, max_size=20)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("component:default/petstore", "component:default/petstore"),
        ("Component:Default/PetStore", "component:default/petstore"),
        ("user:guest", "user:default/guest"),
        ("a:b:c", "a:default/b:c"),
        ("a:b/c/d", "a:b/c/d"),
    ],
)
def test_a_ref_with_a_kind_needs_no_context(text: str, expected: str) -> None:
    assert str(EntityRef.parse(text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("team", "group:shop/team"),
        ("other/team", "group:other/team"),
        ("user:mia", "user:shop/mia"),
        ("x/y:z", "group:x/y:z"),
    ],
)
def test_a_short_ref_takes_kind_and_namespace_from_its_context(text: str, expected: str) -> None:
    assert str(EntityRef.parse(text, "Group", "shop")) == expected


@pytest.mark.parametrize("text", ["", ":", "/", "a:", "a:/b", "a:b/", ":b", "/b", "component:"])
def test_an_empty_part_is_refused_with_the_text_repeated(text: str) -> None:
    with pytest.raises(RefError) as refused:
        EntityRef.parse(text, "component")
    assert (
        str(refused.value) == f'Entity reference "{text}" was not on the form [<kind>:][<namespace>/]<name>'
    )


def test_a_missing_kind_is_refused_with_an_example() -> None:
    with pytest.raises(RefError, match=r'"petstore" had missing or empty kind \(e.g. did not start with'):
        EntityRef.parse("petstore")


@given(kind=PART, namespace=PART, name=PART)
def test_a_ref_that_was_read_reads_back_as_itself(kind: str, namespace: str, name: str) -> None:
    try:
        ref = EntityRef.parse(f"{kind}:{namespace}/{name}")
    except RefError:
        return
    assert EntityRef.parse(str(ref)) == ref


def test_refs_that_differ_only_in_case_are_one() -> None:
    assert len({EntityRef("API", "Default", "Pets"), EntityRef("api", "default", "pets")}) == 1


def test_an_entity_has_a_ref_in_the_default_namespace() -> None:
    assert str(EntityRef.of({"kind": "API", "metadata": {"name": "Pets"}})) == "api:default/pets"


@pytest.mark.parametrize(
    "entity",
    [
        {},
        {"kind": "API"},
        {"kind": "API", "metadata": {"name": 5}},
        {"kind": "", "metadata": {"name": "x"}},
    ],
)
def test_an_entity_without_a_name_has_no_ref(entity: dict[str, object]) -> None:
    with pytest.raises(RefError):
        EntityRef.of(entity)
