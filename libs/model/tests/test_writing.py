import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from sipario_model.documents import documents
from sipario_model.writing import write


@pytest.mark.parametrize(
    "text",
    ["55906e13", "1e3", "0o14", "012", "yes", "on", "~", "", "2024-01-01", "12:30:45", "null", "=", ".5"],
)
def test_a_text_stays_a_text_for_readers_of_either_yaml(text: str) -> None:
    written = write([{"value": text}])
    assert [each.value for each in documents(written, "a.yaml")] == [{"value": text}]
    assert yaml.safe_load(written) == {"value": text}


def test_several_lines_stand_as_a_block() -> None:
    assert (
        write([{"definition": "openapi: 3.1.0\ninfo: {}\n"}])
        == "definition: |\n  openapi: 3.1.0\n  info: {}\n"
    )


def test_several_documents_are_parted() -> None:
    assert [each.value for each in documents(write([{"a": 1}, {"b": None}]), "a.yaml")] == [
        {"a": 1},
        {"b": None},
    ]


@given(
    st.dictionaries(
        st.text(min_size=1, max_size=5, alphabet=st.characters(codec="utf-8", categories=("L", "N", "P"))),
        st.one_of(
            st.text(max_size=20, alphabet=st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Z"))),
            st.integers(-(10**9), 10**9),
            st.booleans(),
            st.none(),
        ),
        max_size=4,
    )
)
def test_what_is_written_is_read_again(value: dict[str, object]) -> None:
    assert [each.value for each in documents(write([value]), "a.yaml")] == [value]
