"""Files are read by YAML 1.2, every problem has its place, and no file harms the reader."""

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sipario_model import YamlProblem, documents, read
from sipario_model.documents import MAX_BYTES, MAX_DOCUMENTS


def one(text: str) -> object:
    (document,) = documents(f"value: {text}\n", "f.yaml")
    return document.value["value"]


def problem(text: bytes | str) -> YamlProblem:
    (found,) = read(text, "f.yaml").problems
    return found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1e3", 1000),
        ("1234e5678", None),
        ("yes", "yes"),
        ("on", "on"),
        ("012", 12),
        ("0o14", 12),
        ("0x1F", 31),
        ("1_000", "1_000"),
        ("12:30:45", "12:30:45"),
        ("2024-01-01", "2024-01-01"),
        ("=", "="),
        ("<<", "<<"),
        ("1.5", 1.5),
        ("-1", -1),
        ("+.5", 0.5),
        ("1.0", 1),
        (".inf", None),
        (".NaN", None),
        ("True", True),
        ("FALSE", False),
        ("tRue", "tRue"),
        ("~", None),
        ("", None),
        ("Null", None),
        ("nULL", "nULL"),
        ("'12'", "12"),
        ('"true"', "true"),
        ("55906e13", 559060000000000000.0),
        ("12345678901234567890", 12345678901234567000.0),
        ("0xffffffffffffffffffff", 1.2089258196146292e24),
        ("!!str 12", "12"),
        ("! 12", "12"),
        ("!!int 12", 12),
        ("!!float 1", 1),
        ("1.2.3", "1.2.3"),
        ("-", [None]),
        ("9" * 5000, None),
        ("0" * 5000 + "7", 7),
        ("0x" + "f" * 5000, None),
    ],
)
def test_scalars_mean_what_they_mean_in_yaml_1_2(text: str, expected: object) -> None:
    value = one(text) if text != "-" else one("\n  -")
    assert value == expected
    assert type(value) is type(expected)


def test_keys_become_the_strings_that_javascript_makes_of_them() -> None:
    (document,) = documents("1: a\ntrue: b\nnull: c\nyes: d\n0x10: e\n2.50: f\n<<: {g: 1}", "f")
    assert list(document.value) == ["1", "true", "", "yes", "16", "2.5", "<<"]


def test_every_key_and_item_knows_its_line() -> None:
    text = "# first\n---\nkind: X\nmetadata:\n  name: n\n  tags:\n    - a\n    - b\n  links: [{url: u},\n   {url: v}]\n"
    (document,) = documents(text, "f")
    assert document.line == 3
    assert dict(document.lines) == {
        (): 3,
        ("kind",): 3,
        ("metadata",): 4,
        ("metadata", "name"): 5,
        ("metadata", "tags"): 6,
        ("metadata", "tags", 0): 7,
        ("metadata", "tags", 1): 8,
        ("metadata", "links"): 9,
        ("metadata", "links", 0): 9,
        ("metadata", "links", 0, "url"): 9,
        ("metadata", "links", 1): 10,
        ("metadata", "links", 1, "url"): 10,
    }
    assert len(document.lines) == 12


def test_aliases_become_copies_whose_lines_are_those_of_the_alias() -> None:
    (document,) = documents("a: &x {b: 1}\nc: *x\n", "f")
    assert document.value == {"a": {"b": 1}, "c": {"b": 1}}
    assert document.value["a"] is not document.value["c"]
    assert document.lines["c",] == 2


def test_an_alias_of_a_name_may_be_a_key() -> None:
    (document,) = documents("a: &x name\n*x : 1\n", "f")
    assert document.value == {"a": "name", "name": 1}
    assert document.lines["a",] == 1


@pytest.mark.parametrize("text", ["", "\n", "# only words\n", "---\n---\n", "~", "---\nnull\n...\n"])
def test_empty_documents_are_passed_over(text: str) -> None:
    assert read(text, "f") == read(b"", "f")


def test_a_document_may_carry_directives_ends_and_a_byte_order_mark() -> None:
    text = "\ufeff%YAML 1.2\n---\na: 1\n...\n# between\nb: 2\n--- {c: 3}\n"
    assert [(d.value, d.line) for d in documents(text, "f")] == [({"a": 1}, 3), ({"b": 2}, 6), ({"c": 3}, 7)]


def test_windows_line_ends_count_once() -> None:
    assert [d.line for d in documents(b"a: 1\r\n---\r\nb: 2\r\n", "f")] == [1, 3]


@pytest.mark.parametrize("broken", ["a: [1", "a: 'open", "a: b: c", "a: *x", "a: 1\na: 2", "- 1", "a: \x01"])
def test_a_broken_document_takes_no_other_with_it(broken: str) -> None:
    reading = read(f"first: 1\n---\n{broken}\n---\nlast: 2\n", "f.yaml")
    assert [document.value for document in reading.documents] == [{"first": 1}, {"last": 2}]
    assert [found.line in (3, 4) for found in reading.problems] == [True]


def test_documents_yields_the_good_ones_before_it_raises() -> None:
    found = documents("---\n- x\n---\na: 1", "f.yaml")
    assert next(found).value == {"a": 1}
    with pytest.raises(YamlProblem, match=r"YAML error at f.yaml:2:1, Expected object at root, got array"):
        next(found)


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("a: 1\nb: 2\na: 3", (3, 1), 'Map keys must be unique; "a" is there twice'),
        ("a:\n  1: x\n  '1': y", (3, 3), '"1" is there twice'),
        ("a:\n\tb: 1", (2, 1), "indent with spaces, not tabs"),
        ("a: b: c", (1, 5), "put a value that holds a colon in quotes"),
        ("a: 1\nkind\uff1a b\nc: 2", (2, 1), "a key needs a colon and a space after it"),
        ("a: [1, 2\nb: 3", (2, 2), "a comma is missing (begun in line 1)"),
        ('a: "\nb', (2, 2), "a quote or bracket is not closed (begun in line 1)"),
        ("a: *nobody", (1, 4), "no &nobody ends before it"),
        ("a: &a [*a]", (1, 8), "no &a ends before it"),
        ("a: !!python/object/apply:os.system [x]", (1, 4), "the tag !!python/object/apply:os.system is not"),
        ("a: !Ref b", (1, 4), "the tag !Ref is not allowed"),
        ("a: !!timestamp 2024-01-01", (1, 4), "the tag !!timestamp is not allowed"),
        ("a: !!int x", (1, 4), '"x" is not what its tag !!int says'),
        ("{a: 1}: 2", (1, 1), "a key must be a plain value"),
        ("x: \x01", (1, 4), "U+0001"),
        (b"a: 1\nb: \xff", (2, 4), "byte 0xff is not UTF-8"),
        ("\ud800", (1, 1), "not UTF-8"),
        ("just text", (1, 1), "Expected object at root, got string"),
        ("42", (1, 1), "Expected object at root, got number"),
        ("x: 1\n" + "#" * MAX_BYTES, (1, 1), "the file has 5.0 MB, at most 5 MB are read"),
        ("a: " + "[" * 100, (1, 67), "nested deeper than 64 levels"),
        ("%YAML 9.9\n---\na: 1", (1, 1), "only YAML 1.2 is read"),
    ],
)
def test_a_problem_says_where_it_is_and_what_to_mend(
    text: bytes | str, place: tuple[int, int], words: str
) -> None:
    found = problem(text)
    assert (found.line, found.column) == place
    assert words in found.message
    assert found.problem().line == place[0]
    assert f"f.yaml:{place[0]}:{place[1]}" in str(found)


def test_an_alias_bomb_is_refused_before_it_grows() -> None:
    bomb = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n"
    bomb += "".join(f"a{n + 1}: &a{n + 1} [{','.join([f'*a{n}'] * 10)}]\n" for n in range(12))
    assert "blow the file up" in problem(bomb).message


def test_alias_bombs_in_many_documents_share_one_allowance() -> None:
    bomb = "---\na: &a [" + "x," * 500 + "]\nb: [" + "*a," * 400 + "]\n"
    began = time.monotonic()
    reading = read(bomb * 500, "f")
    assert len(reading.problems) == 500
    assert time.monotonic() - began < 20


def test_aliases_cannot_nest_deeper_than_brackets_may() -> None:
    text = "a: &a " + "[" * 40 + "]" * 40 + "\nb: " + "[" * 40 + "*a" + "]" * 40
    assert "nested deeper" in problem(text).message


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "? ", "[? "])
def test_no_depth_of_nesting_ends_the_process(opening: str) -> None:
    assert read(opening * 200_000, "f").problems


def test_no_more_documents_are_read_than_a_person_would_write() -> None:
    reading = read("---\na: 1\n" * (MAX_DOCUMENTS + 5), "f")
    assert "more than 10,000 documents" in reading.problems[0].message


def test_no_more_values_are_read_than_take_seconds() -> None:
    assert "more than 500,000 keys and values" in problem("a: [" + "1," * 600_000 + "]").message


def test_tags_can_be_passed_over_for_files_that_are_no_entities() -> None:
    text = "a: !!python/name:os.system\nb: !Ref x\nc: !list [1]\nd: !!int 3"
    (document,) = read(text, "f", any_tag=True).documents
    assert document.value == {"a": "!!python/name:os.system", "b": "x", "c": [1], "d": 3}


@given(st.binary(max_size=300))
@example(b"\xef\xbb\xbf")
@example(b"%TAG ! tag:x,2000:\n---\n!x a: !y b")
def test_arbitrary_bytes_are_read_or_refused(text: bytes) -> None:
    for document in read(text, "f").documents:
        assert document.lines[()] == document.line


@given(st.text(alphabet="ab01:-?&*!|>%@`'\"[]{},#\n\r\t .~<x", max_size=60))
def test_arbitrary_yaml_like_text_is_read_or_refused(text: str) -> None:
    reading = read(text, "f")
    for document in reading.documents:
        assert document.lines[()] == document.line
        assert len(document.lines) >= len(document.value)
    assert all(found.line >= 1 and found.column >= 1 for found in reading.problems)
