"""Properties that definitions add: what they mean, and what is wrong with them."""

from typing import Any

import pytest
from sipario_model import BUILT_IN, Vocabulary, check, documents
from sipario_model.expression import Expression
from sipario_model.properties import Aggregate, Mirror, Walk, properties_of


def extension(kind: str = "Component", **spec: Any) -> dict[str, Any]:
    return {
        "apiVersion": "sipario.dev/v1alpha1",
        "kind": "KindDefinition",
        "metadata": {"name": kind.lower()},
        "spec": {"owner": "platform", "names": {"kind": kind}, **spec},
    }


def problems(**properties: Any) -> dict[str, str]:
    found = check(extension(properties=properties))
    return {each.field.removeprefix("spec.properties."): each.message for each in found}


DEPENDENTS = {
    "function": "count",
    "along": ["dependencyOf"],
    "transitive": True,
    "kinds": ["Component"],
    "where": {"spec.tier": [1, 2], "spec.lifecycle": "production"},
}


def test_a_definition_may_add_properties_to_a_built_in_kind_and_nothing_else() -> None:
    yearly = {"compute": "multiply(spec.cost, `12`)"}
    assert check(extension(properties={"yearly": yearly})) == []
    (nothing,) = check(extension())
    assert nothing.message == "Component is built in, and can't be defined again; it can be given properties"
    found = check(extension(properties={"yearly": yearly}, icon="box", relations=[]))
    assert {each.field for each in found} == {"spec.icon", "spec.relations"}
    vocabulary = Vocabulary.of([extension(properties={"yearly": yearly})])
    assert vocabulary.kinds == BUILT_IN.kinds
    assert vocabulary.digest == "", "no source has to be read again for it"


def test_properties_mean_what_they_say() -> None:
    mail = {"mirror": {"along": ["partOf", "ownedBy"], "field": "spec.profile.email"}}
    entity = extension(properties={"dependents": {"aggregate": DEPENDENTS}, "mail": mail})
    assert check(entity) == []
    found = {each.name: each.source for each in properties_of(entity)}
    where = (("spec.tier", (1, 2)), ("spec.lifecycle", ("production",)))
    walk = Walk(("dependencyOf",), transitive=True, kinds=frozenset({"component"}), where=where)
    assert found == {
        "dependents": Aggregate(walk, "count"),
        "mail": Mirror(Walk(("partOf", "ownedBy")), "spec.profile.email"),
    }


def test_whatever_an_expression_reads_comes_before_it() -> None:
    entity = extension(
        properties={
            "c": {"compute": "multiply(properties.b, `2`)"},
            "b": {"compute": "sum([properties.a, spec.cost])"},
            "a": {"aggregate": {"function": "count", "along": ["hasPart"]}},
        }
    )
    assert [each.name for each in properties_of(entity)] == ["a", "b", "c"]
    assert isinstance(properties_of(entity)[2].source, Expression)


def test_a_circle_is_refused_with_the_trail() -> None:
    found = problems(
        a={"compute": "properties.b"}, b={"compute": "properties.c"}, c={"compute": "properties.a"}
    )
    ((_, message),) = found.items()
    assert message.startswith("properties can't be computed in a circle: ")
    assert {"a reads b", "b reads c", "c reads a"} == set(message.partition(": ")[2].split(", "))


@pytest.mark.parametrize(
    ("written", "field", "message"),
    [
        ({}, "x", "x must have exactly one of mirror, compute and aggregate"),
        ({"compute": "a", "aggregate": DEPENDENTS}, "x", "x must have exactly one of mirror"),
        ({"compute": "multiply(spec.cost"}, "x.compute", "x can't be computed: it ends too early"),
        ({"compute": "properties.y"}, "x.compute", "x reads y, which is no property"),
        ({"mirror": {"along": ["partOf"], "field": "status.items"}}, "x.mirror.field", "must match pattern"),
        ({"mirror": {"along": [], "field": "spec.a"}}, "x.mirror.along", "has less than 1 item"),
        ({"mirror": {"along": ["partOf"] * 6, "field": "spec.a"}}, "x.mirror.along", "has more than 5 items"),
        (
            {"aggregate": {"function": "sum", "along": ["hasPart"]}},
            "x.aggregate.field",
            "sum needs the field whose numbers are meant",
        ),
        (
            {"aggregate": {"function": "count", "along": ["hasPart"], "field": "spec.a"}},
            "x.aggregate.field",
            "count counts entities: it takes no field",
        ),
        (
            {"aggregate": {"function": "count", "along": ["hasPart", "hasPart"], "transitive": True}},
            "x.aggregate.along",
            "a transitive aggregate follows one relation only",
        ),
        (
            {"aggregate": {"function": "median", "along": ["hasPart"]}},
            "x.aggregate.function",
            "must be equal to one of",
        ),
    ],
)
def test_what_is_wrong_is_told_where_it_stands(written: dict[str, Any], field: str, message: str) -> None:
    found = problems(x=written)
    assert message in found[field]


def test_a_relation_that_is_nearly_one_is_told_with_the_one_that_is_meant() -> None:
    entity = extension(
        properties={
            "needed": {"aggregate": {"function": "count", "along": ["dependencyof"]}},
            "mail": {"mirror": {"along": ["hosts", "ownedBy", "cleanedBy"], "field": "spec.mail"}},
        }
    )
    (wrong,) = BUILT_IN.check(entity)
    assert wrong.field == "spec.properties.needed.aggregate.along.0"
    assert wrong.message == "no relation is called dependencyof: did you mean dependencyOf?"
    defines = {**extension("Rack"), "metadata": {"name": "rack"}}
    defines["spec"] |= {"relations": [{"field": "host", "type": "host", "inverse": "hostedBy"}]}
    messages = [each.message for each in Vocabulary.of([defines]).check(entity)]
    assert "no relation is called hosts: did you mean host?" in messages


def test_the_line_of_a_bad_expression_is_told() -> None:
    text = """\
apiVersion: sipario.dev/v1alpha1
kind: KindDefinition
metadata: {name: component}
spec:
  owner: platform
  names: {kind: Component}
  properties:
    yearly:
      title: Cost a year
      compute: multiply(spec.cost, 12
"""
    (document,) = documents(text, "kinds.yaml")
    (problem,) = check(document.value, document.lines, path="kinds.yaml")
    assert (problem.path, problem.line) == ("kinds.yaml", 10)
    assert problem.field == "spec.properties.yearly.compute"
