from sipario_ingestor.difference import Change, blame, changes


def test_fields_are_named_by_json_pointers_and_lists_are_one_value() -> None:
    before = {"metadata": {"annotations": {"a/b": "1"}, "tags": ["x"]}, "spec": {"owner": "one"}}
    after = {"metadata": {"annotations": {"a/b": "2"}, "tags": ["x", "y"]}, "spec": {"system": "s"}}
    assert changes(before, after) == [
        Change("/metadata/annotations/a~1b", "1", "2"),
        Change("/metadata/tags", ["x"], ["x", "y"]),
        Change("/spec/owner", "one", None),
        Change("/spec/system", None, "s"),
    ]
    assert changes(before, before) == []


def test_a_field_is_blamed_on_the_version_that_brought_its_present_value() -> None:
    first = {"spec": {"owner": "one", "type": "service"}}
    second = {"spec": {"owner": "two", "type": "service"}}
    third = {"spec": {"owner": "one", "type": "service", "system": "shop"}}
    found = blame([(3, third), (2, second), (1, first)])
    assert found == {"/spec/owner": ("one", 3), "/spec/system": ("shop", 3), "/spec/type": ("service", 1)}


def test_nothing_is_blamed_on_nobody() -> None:
    assert blame([]) == {}
    assert blame([(1, {"kind": "API"})]) == {"/kind": ("API", 1)}
