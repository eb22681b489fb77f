"""Expressions that others wrote: what they give, and that none of them takes long or grows large."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sipario_model.expression import Expression, ExpressionFailed, ExpressionRefused

ENTITY: dict[str, Any] = {
    "metadata": {"name": "door", "tags": ["go", "edge"]},
    "spec": {"cost": 30, "tier": 1, "long": ["x" * 900] * 900, "twice": [[1, 2]] * 9, "again": [[1, 2]] * 9},
    "properties": {"team": 12},
}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("multiply(spec.cost, `12`)", 360),
        ("divide(subtract(spec.cost, `6`), `8`)", 3),
        ("sum([spec.cost, properties.team])", 42),
        ("multiply(spec.missing, `12`)", None),
        ("spec.tier == `1` && 'gold' || 'tin'", "gold"),
        ("join('/', ['https://grafana.example', metadata.name])", "https://grafana.example/door"),
        ("metadata.tags[?starts_with(@, 'e')]", ["edge"]),
        ("to_string(spec.cost)", "30"),
        ("'`x`'", "`x`"),
    ],
)
def test_an_expression_gives_a_value_of_the_entity_s_own_fields(text: str, value: object) -> None:
    assert Expression(text).of(ENTITY) == value


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("spec.", "it ends too early at character 6"),
        ("spec cost", "unexpected 'cost' at character 6"),
        ("'open", "Unclosed ' delimiter at character 1"),
        ("exec(spec)", "there is no function exec()"),
        ("length(spec, spec)", "length() takes 1 arguments, not 2"),
        ("spec.tier == `gold`", "between backticks stands JSON: write a text in single quotes"),
        ("a" * 501, "it is longer than 500 characters"),
        ("!" * 60 + "a", "it is nested deeper than 50"),
        ("|".join(["[@,@]"] * 9), "its lists and hashes together copy a value more than 256 times"),
    ],
)
def test_what_can_t_be_used_is_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(ExpressionRefused) as refused:
        Expression(text)
    assert str(refused.value) == reason


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("length(spec.cost)", "length() takes string or array or object, not number"),
        ("divide(`1`, `0`)", "divide() by zero"),
        ("multiply(`1e200`, `1e200`)", "a number is too large"),
        ("`1e999`", "a number is too large"),
        ("ceil(`1e999`)", "a number is too large"),
        ("metadata.name > spec.cost", "'>' not supported between instances of 'str' and 'int'"),
        ("metadata.tags[::0]", "slice step cannot be zero"),
        ("spec", "it must give a text, a number, true or false, or a list of these"),
        ("to_string(spec)", "to_string() takes string or number or boolean or null, not object"),
        ("spec.long[0:3]", "it gives a text longer than 2000 characters"),
        ("spec.long[*].length(@)", "it gives more than 100 values"),
        ("join(spec.long[0], spec.long)", "it makes something too large on its way"),
        (
            "[spec.long,spec.long,spec.long,spec.long,spec.long,spec.long][][].[@,@,@,@][][].[@,@,@][]",
            "it takes",
        ),
    ],
)
def test_what_has_no_value_tells_why(text: str, reason: str) -> None:
    entity = {**ENTITY, "spec": {**ENTITY["spec"], "long": ["x" * 2100] * 900}}
    with pytest.raises(ExpressionFailed) as failed:
        Expression(text).of(entity)
    assert str(failed.value).startswith(reason)


def test_a_text_that_no_file_could_hold_is_mended() -> None:
    assert Expression('`"\\ud800"`').of({}) == "?"


def test_it_tells_which_properties_it_reads() -> None:
    expression = Expression("sum([properties.a, properties.b]) && spec.properties.c")
    assert expression.reads == {"a", "b"}


PIECES = [*"@[]|,.*`'\"&!()?{}:0-<>", "spec.cost", "metadata.tags", "spec.long", "==", "&&", "`1e999`", "'a'"]
FUNCTIONS = [
    "abs",
    "avg",
    "ceil",
    "contains",
    "floor",
    "join",
    "keys",
    "length",
    "map",
    "max",
    "max_by",
    "merge",
    "min",
    "not_null",
    "reverse",
    "sort",
    "sort_by",
]
CALLS = [
    f"{name}("
    for name in [*FUNCTIONS, "sum", "to_array", "to_number", "to_string", "type", "values", "divide"]
]


@given(st.lists(st.sampled_from([*PIECES, *CALLS]), max_size=20).map("".join))
def test_any_text_is_refused_or_gives_something_small(text: str) -> None:
    try:
        found = Expression(text).of(ENTITY)
    except (ExpressionRefused, ExpressionFailed):
        return
    assert found is None or isinstance(found, str | int | float | bool | list)
