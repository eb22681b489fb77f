"""What all events promise."""

from datetime import UTC, datetime

from pydantic import TypeAdapter
from sipario_events import Cause, DocsEvent, EntityChanged, PageBuilt, Section, SiteBuilt
from sipario_model import Relation, RelationType

CHECKOUT = EntityChanged(
    ref="component:default/checkout",
    entity={"kind": "Component", "metadata": {"name": "checkout"}},
    relations=(Relation("component:default/checkout", "dependsOn", "resource:default/db"),),
)


def test_the_version_and_the_cause_are_not_what_is_said() -> None:
    cause = Cause(
        repository="https://host/a/b", commit="c0ffee", committed_at=datetime(2026, 1, 1, tzinfo=UTC)
    )
    again = CHECKOUT.model_copy(update={"version": 7, "cause": cause})
    assert again.digest() == CHECKOUT.digest()


def test_another_content_has_another_digest() -> None:
    other = CHECKOUT.model_copy(update={"entity": {"kind": "Component", "metadata": {"name": "till"}}})
    assert other.digest() != CHECKOUT.digest()


def test_the_order_of_keys_does_not_matter() -> None:
    turned = {"metadata": {"name": "checkout"}, "kind": "Component"}
    assert CHECKOUT.model_copy(update={"entity": turned}).digest() == CHECKOUT.digest()


def test_an_event_arrives_as_it_was_sent() -> None:
    assert EntityChanged.model_validate_json(CHECKOUT.body()) == CHECKOUT
    typed = CHECKOUT.model_copy(update={"types": (RelationType("runsOn", "hosts", impact=True),)})
    assert EntityChanged.read(typed.body()) == typed
    assert typed.digest() != CHECKOUT.digest()


def test_a_reader_is_not_disturbed_by_fields_of_the_future() -> None:
    body = CHECKOUT.body()[:-1] + b',"mood":"sunny"}'
    assert EntityChanged.model_validate_json(body) == CHECKOUT


def test_pages_and_sites_are_told_apart_on_one_topic() -> None:
    page = PageBuilt(
        ref="component:default/a", path="start/", sections=(Section(anchor="x", title="X", text="…"),)
    )
    site = SiteBuilt(ref="component:default/a", pages=("start/",))
    adapter: TypeAdapter[PageBuilt | SiteBuilt] = TypeAdapter(DocsEvent)
    assert [adapter.validate_json(each.body()) for each in (page, site)] == [page, site]


def test_each_page_has_versions_of_its_own_but_a_site_keeps_its_order() -> None:
    first, second = (PageBuilt(ref="component:default/a", path=path) for path in ("a/", "b/"))
    assert first.identity() != second.identity()
    assert first.key() == second.key()
