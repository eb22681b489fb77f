"""The read model: what is folded, stitched, found and ordered."""

import random
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import orjson
import pytest
from sipario_catalog_graph.catalog import Catalog
from sipario_catalog_graph.cursor import Question, decode, encode
from sipario_catalog_graph.fields import parse_fields, picked
from sipario_catalog_graph.query import meant, page, sorted_refs
from sipario_catalog_graph.rows import Paths
from sipario_catalog_graph.selection import parse
from sipario_events import EntityChanged
from sipario_kit.errors import InvalidInput
from sipario_model.relation import relations_of
from sipario_model.status import StatusItem
from sipario_model.uid import uid_of


def event(name: str, version: int = 1, kind: str = "Component", **parts: Any) -> EntityChanged:
    metadata = {"name": name, **parts.pop("metadata", {})}
    entity = {
        "apiVersion": "backstage.io/v1alpha1",
        "kind": kind,
        "metadata": metadata,
        "spec": parts.pop("spec", {}),
    }
    ref = f"{kind.lower()}:default/{name}".lower()
    return EntityChanged(ref=ref, version=version, entity=entity, relations=relations_of(entity), **parts)


def gone(name: str, version: int) -> EntityChanged:
    return EntityChanged(ref=f"component:default/{name}", version=version, gone=True)


def folded(*events: EntityChanged) -> Catalog:
    catalog = Catalog()
    for each in events:
        catalog.fold(each)
    return catalog


def served(catalog: Catalog, ref: str) -> dict[str, Any]:
    found: dict[str, Any] = orjson.loads(catalog.served(ref))
    return found


def found(catalog: Catalog, *filters: str, **question: Any) -> list[str]:
    return [
        ref.partition("/")[2] for ref in page(catalog, Question(filters=filters, **question), limit=100).refs
    ]


def test_an_entity_is_stitched_with_both_directions_sorted() -> None:
    catalog = folded(
        event("a", spec={"dependsOn": ["component:b", "component:missing"], "owner": "team"}),
        event("b", spec={"dependencyOf": ["component:a"]}),
        event("c", spec={"dependsOn": ["component:a"]}),
    )
    assert served(catalog, "component:default/a")["relations"] == [
        {"type": "dependencyOf", "targetRef": "component:default/c"},
        {"type": "dependsOn", "targetRef": "component:default/b"},
        {"type": "dependsOn", "targetRef": "component:default/missing"},
        {"type": "ownedBy", "targetRef": "group:default/team"},
    ]


def test_a_relation_declared_from_both_ends_stays_until_both_let_go() -> None:
    catalog = folded(
        event("a", spec={"dependsOn": ["component:b"]}), event("b", spec={"dependencyOf": ["component:a"]})
    )
    catalog.fold(event("a", 2))
    assert len(served(catalog, "component:default/b")["relations"]) == 1
    catalog.fold(event("b", 2))
    assert served(catalog, "component:default/a")["relations"] == []


def test_uid_is_for_ever_and_etag_tells_a_change_of_relations() -> None:
    catalog = folded(event("a", metadata={"uid": "forged", "etag": "forged"}))
    before = served(catalog, "component:default/a")["metadata"]
    catalog.fold(event("b", spec={"dependsOn": ["component:a"]}))
    after = served(catalog, "component:default/a")["metadata"]
    assert before["uid"] == after["uid"] == uid_of("component:default/a")
    assert before["etag"] != after["etag"]
    catalog.fold(gone("b", 2))
    assert served(catalog, "component:default/a")["metadata"] == before


def test_an_entity_that_looks_like_an_etag_slot_is_served_unharmed() -> None:
    catalog = folded(event("a", metadata={"description": '"etag":"' + "0" * 40}))
    assert served(catalog, "component:default/a")["metadata"]["description"].endswith("0" * 40)


def test_statuses_are_served_and_the_last_good_version_with_them() -> None:
    item = StatusItem(type="backstage.io/catalog-processing", level="error", message="no", line=3)
    catalog = folded(event("a", status=(item,)))
    assert served(catalog, "component:default/a")["status"]["items"] == [
        {"type": "backstage.io/catalog-processing", "level": "error", "message": "no", "line": 3}
    ]


def test_only_a_greater_version_overwrites() -> None:
    catalog = folded(
        event("a", 3, metadata={"title": "new"}), event("a", 2, metadata={"title": "old"}), gone("a", 1)
    )
    assert served(catalog, "component:default/a")["metadata"]["title"] == "new"
    assert catalog.fold(gone("a", 4))
    assert not catalog.fold(event("a", 3))
    assert catalog.entry("component:default/a") is None


@pytest.mark.parametrize(
    ("filters", "names"),
    [
        (["kind=component"], "abc"),
        (["KIND=Component,spec.type=Service"], "ab"),
        (["spec.type=service,spec.type=library"], "abc"),
        (["spec.type=library", "metadata.tags=java"], "ac"),
        (["metadata.tags.java=true"], "a"),
        (["metadata.tags.java"], "a"),
        (["metadata.annotations.github.com/project-slug"], "b"),
        (["metadata.annotations.github.com/project-slug=o/r"], "b"),
        (["metadata.links.url=https://x"], "c"),
        (["relations.ownedby=group:default/team"], "a"),
        (["relations.ownedBy"], "a"),
        (["spec.flag=true"], "a"),
        (["spec.count=3"], "b"),
        (["spec.type.service=true"], ""),
        (["metadata.namespace=default,kind=component"], "abc"),
        (["metadata.title="], ""),
        (["nothing.like=this"], ""),
        (["spec.long"], "c"),
        ([""], "abct"),
    ],
)
def test_filters_mean_what_backstage_means_by_them(filters: list[str], names: str) -> None:
    catalog = folded(
        event(
            "a", spec={"type": "Service", "owner": "team", "flag": True}, metadata={"tags": ["java", "go"]}
        ),
        event(
            "b",
            spec={"type": "service", "count": 3},
            metadata={"annotations": {"github.com/project-slug": "o/r"}},
        ),
        event("c", spec={"type": "library", "long": "x" * 201}, metadata={"links": [{"url": "https://x"}]}),
        event("t", kind="Group", spec={"type": "team", "children": []}),
    )
    assert "".join(found(catalog, *filters)) == names


def test_a_filter_without_a_key_is_refused_with_its_reason() -> None:
    with pytest.raises(InvalidInput, match="'=x' is not a valid statement"):
        parse(["kind=a,=x"])


def test_what_lacks_the_order_field_is_left_out_of_page_and_count() -> None:
    catalog = folded(event("a", metadata={"title": "z"}), event("b"), event("c", metadata={"title": "Y"}))
    answer = page(catalog, Question(order="metadata.title"), limit=10)
    assert ([ref[-1] for ref in answer.refs], answer.total) == (["c", "a"], 2)


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("order", ["", "spec.type"])
def test_pages_forth_and_back_show_each_entity_once(order: str, *, descending: bool) -> None:
    catalog = folded(*(event(f"n{number}", spec={"type": f"t{number % 3}"}) for number in range(23)))
    question = Question(order=order, descending=descending)
    whole = page(catalog, question, limit=100).refs
    here = page(catalog, question, limit=5)
    pages = [here]
    while here.following:
        here = page(catalog, decode(here.following), limit=5)
        pages.append(here)
    assert [ref for each in pages for ref in each.refs] == whole
    assert pages[0].previous is None
    back = []
    while here.previous:
        here = page(catalog, decode(here.previous), limit=5)
        back.append(here.refs)
    assert back == [each.refs for each in reversed(pages[:-1])]


def test_a_cursor_survives_that_its_entity_goes() -> None:
    catalog = folded(*(event(name) for name in "abcdef"))
    first = page(catalog, Question(order="metadata.name"), limit=2)
    catalog.fold(gone("b", 2))
    assert first.following
    assert [ref[-1] for ref in page(catalog, decode(first.following), limit=2).refs] == ["c", "d"]


@pytest.mark.parametrize(
    "garbage", ["%%%", "e30", "bnVsbA==", "eyJhIjo=", "ä", "W10=", "eyJhZnRlciI6W119", "A" * 50_000]
)
def test_a_cursor_of_garbage_is_refused(garbage: str) -> None:
    with pytest.raises(InvalidInput, match="Malformed cursor"):
        decode(garbage)


def test_a_cursor_keeps_the_whole_question() -> None:
    question = Question(("kind=api",), {"a": 1}, "metadata.name", True, "x", ("y",), ("v", "ref"), True)  # noqa: FBT003
    assert decode(encode(question)) == question


def test_full_text_looks_into_the_fields_given_or_the_order_field_or_the_uid() -> None:
    catalog = folded(event("abc", metadata={"title": "Pay ROLL"}), event("bcd"), event("xyz"))
    assert found(catalog, term="BC", fields=("metadata.name",)) == ["abc", "bcd"]
    assert found(catalog, term="roll", fields=("metadata.name", "metadata.title")) == ["abc"]
    assert found(catalog, term="cd", order="metadata.name") == ["bcd"]
    assert found(catalog, term=uid_of("component:default/xyz")[:13]) == ["xyz"]
    catalog.fold(event("abc", 2, metadata={"title": "Other"}))
    assert found(catalog, term="roll", fields=("metadata.title",)) == []
    assert found(catalog, term="othe", fields=("metadata.title",)) == ["abc"]


@pytest.mark.parametrize(
    ("predicate", "names"),
    [
        ({"kind": "component", "spec.type": "service"}, "ab"),
        ({"$any": [{"spec.type": "library"}, {"metadata.tags": {"$contains": "go"}}]}, "ac"),
        ({"$all": [{"kind": "Component"}, {"$not": {"spec.type": "library"}}]}, "ab"),
        ({"spec.type": {"$in": ["library", "website"]}}, "c"),
        ({"metadata.tags": {"$exists": True}}, "a"),
        ({"metadata.name": {"$hasPrefix": "B"}}, "b"),
        ({"relations": {"$contains": {"type": "ownedBy", "targetRef": "group:default/t"}}}, "b"),
    ],
)
def test_predicates_combine(predicate: dict[str, Any], names: str) -> None:
    catalog = folded(
        event("a", spec={"type": "service"}, metadata={"tags": ["go"]}),
        event("b", spec={"type": "service", "owner": "t"}),
        event("c", spec={"type": "library"}),
    )
    assert "".join(found(catalog, query=predicate)) == names


@pytest.mark.parametrize(
    "predicate",
    [
        {"$all": {}},
        {"$nor": []},
        {"$any": [], "kind": "a"},
        {"kind": {"$in": 3}},
        {"kind": {}},
        {"kind": None},
        {"$not": 3},
    ],
)
def test_a_predicate_that_cannot_be_right_is_refused(predicate: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput, match="Invalid query"):
        meant(Catalog(), Question(query=predicate))


def test_facets_count_values_as_they_are_written() -> None:
    catalog = folded(
        event("a", spec={"type": "Service"}, metadata={"tags": ["x", "y"]}),
        event("b", spec={"type": "service"}, metadata={"tags": ["x"]}),
        event("t", kind="Group", spec={"type": "Service"}),
    )
    assert catalog.index.column("spec.type").facet(None) == {"Service": 2, "service": 1}
    among = meant(catalog, Question(filters=("kind=component",)))
    assert catalog.index.column("spec.type").facet(among) == {"Service": 1, "service": 1}
    assert catalog.index.column("metadata.tags").facet(among) == {"x": 2, "y": 1}


def test_several_order_fields_put_what_lacks_them_last() -> None:
    catalog = folded(
        event("a", spec={"type": "s"}),
        event("b", spec={"type": "l"}),
        event("c"),
        event("d", spec={"type": "s"}),
    )
    refs = sorted_refs(catalog, catalog.live, [("spec.type", False), ("metadata.name", True)])
    assert [ref[-1] for ref in refs] == ["b", "d", "a", "c"]


def test_fields_pick_parts_whose_names_may_hold_dots() -> None:
    entity = orjson.dumps(
        {"kind": "C", "metadata": {"name": "n", "annotations": {"a.b/c": "v", "d": "w"}}, "spec": {}}
    )
    fields = parse_fields(["kind,metadata.annotations.a.b/c", "metadata.name,spec.nothing"])
    assert orjson.loads(picked(entity, fields)) == {
        "kind": "C",
        "metadata": {"name": "n", "annotations": {"a.b/c": "v"}},
    }
    with pytest.raises(InvalidInput, match="array type fields"):
        parse_fields(["spec.x[0]"])


@pytest.mark.parametrize("seed", range(6))
def test_the_read_model_equals_the_fold_whatever_comes_twice_late_or_out_of_order(seed: int) -> None:
    chance = random.Random(seed)
    told = [_random(chance, version) for version in range(1, 150)]
    heard = [*told, *chance.choices(told, k=100)]
    chance.shuffle(heard)
    fed = Catalog()
    for number, each in enumerate(heard):
        fed.fold(each)
        if number % 10 == 0:
            _look(fed)
    heads = {each.ref: each for each in told}
    rebuilt = folded(*heads.values())
    assert _picture(fed) == _picture(rebuilt)
    assert _look(fed) == _look(rebuilt)


def test_a_uid_is_the_fifth_kind_of_uuid() -> None:
    assert uid_of("component:default/a") == str(uuid5(NAMESPACE_URL, "component:default/a"))


def test_rows_know_lists_and_leave_out_what_is_computed() -> None:
    paths = Paths()
    entity = {"kind": "A", "metadata": {"name": "N", "etag": "x", "Tags": ["t"]}, "relations": [1]}
    rows = paths.rows(
        entity, "a:b/n", {"kind", "metadata.name", "metadata.tags", "metadata.etag", "relations"}
    )
    assert rows == {
        "kind": ["A"],
        "metadata.name": ["N"],
        "metadata.namespace": ["default"],
        "metadata.tags": ["t"],
    }
    assert paths.lists("metadata.tags")
    assert not paths.lists("kind")
    assert "metadata.etag" not in paths


def test_an_event_that_cannot_be_taken_in_changes_nothing_and_is_no_old_news() -> None:
    catalog = folded(event("a"))
    before = _picture(catalog)
    for _ in range(2):
        with pytest.raises(TypeError):
            catalog.fold(event("a", 2, spec={"type": object()}))
    assert _picture(catalog) == before
    assert catalog.version("component:default/a") == 1


def _random(chance: random.Random, version: int) -> EntityChanged:
    name = chance.choice("abcdefgh")
    if chance.random() < 0.2:
        return gone(name, version)
    needs = [f"component:{each}" for each in chance.sample("abcdefghxyz", chance.randint(0, 4))]
    tags = chance.sample(["Java", "java", "go", "sql"], chance.randint(0, 3))
    spec = {"type": chance.choice(["service", "Service", "library"]), "dependsOn": needs}
    return event(
        name, version, spec=spec, metadata={"tags": tags, "title": chance.choice(["One", "Two", "Three"])}
    )


def _look(catalog: Catalog) -> list[Any]:
    """Ask everything that is kept incrementally, as refs and counts."""
    columns = [catalog.index.column(key) for key in ("metadata.tags", "spec.type", "relations.dependson")]
    return [
        *(sorted(column.facet(None).items()) for column in columns),
        *(sorted(column.facet(catalog.live).items()) for column in columns),
        *(
            found(catalog, filter_)
            for filter_ in ("metadata.tags=java", "metadata.tags", "relations.dependencyof")
        ),
        found(catalog, order="metadata.title"),
        found(catalog, term="o", fields=("metadata.title", "spec.type"), order="spec.type", descending=True),
        page(catalog, Question(order="metadata.tags"), limit=3, offset=2).total,
    ]


def _picture(catalog: Catalog) -> dict[str, bytes]:
    return {ref: catalog.served(ref) for ref in catalog.refs if ref}
