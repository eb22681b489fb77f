"""What properties over the graph cost the read model of a large company: CPU, whatever else the machine does."""

import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import orjson
import pytest
from sipario_catalog_graph.catalog import Catalog
from sipario_events import EntityChanged
from sipario_model import EntityRef, relations_of
from sipario_testkit.bench.figures import Figures
from sipario_testkit.organisation import organisation

EDITS = 100
PROPERTIES = {
    "team": {"mirror": {"along": ["ownedBy"], "field": "metadata.title"}},
    "label": {"compute": "join('/', [spec.type, spec.lifecycle])"},
    "direct": {"aggregate": {"function": "count", "along": ["dependencyOf"]}},
    "needed": {
        "aggregate": {
            "function": "count",
            "along": ["dependencyOf"],
            "transitive": True,
            "where": {"spec.lifecycle": "production"},
        }
    },
}
DEFINITION = {
    "apiVersion": "sipario.dev/v1alpha1",
    "kind": "KindDefinition",
    "metadata": {"name": "component"},
    "spec": {"owner": "platform", "names": {"kind": "Component"}, "properties": PROPERTIES},
}


def told(entity: Mapping[str, Any], version: int = 1) -> EntityChanged:
    ref = str(EntityRef.of(entity))
    return EntityChanged(ref=ref, version=version, entity=dict(entity), relations=relations_of(entity))


def spent(work: Callable[[], object]) -> float:
    """Return the CPU seconds that it takes."""
    before = time.process_time()
    work()
    return time.process_time() - before


@pytest.mark.timeout(600)
def test_properties_of_a_large_company(request: pytest.FixtureRequest, figures: Figures) -> None:
    company = organisation(request.config.getoption("--entities"))
    catalog = Catalog()
    for entity in company.entities:
        catalog.fold(told(entity))
    catalog.fold(told(DEFINITION))
    figures.add("four properties of all components, computed", spent(catalog.derived.settle), "CPU s")
    for kind, part, field in (
        ("Component", "metadata", "description"),
        ("Group", "metadata", "title"),
        ("Component", "spec", "lifecycle"),
    ):
        edited = [each for each in company.entities if each["kind"] == kind][:EDITS]
        events = [told({**each, part: {**each[part], field: "new"}}, 2 + (part == "spec")) for each in edited]
        seconds = spent(partial(edit, catalog, events))
        figures.add(f"{kind}'s {field} edited, all that follows", 1000 * seconds / len(events), "CPU ms")
    team = EntityRef.parse(company.refs("Component")[0])
    assert orjson.loads(catalog.served(str(team)))["status"]["properties"]["team"] == "new"


def edit(catalog: Catalog, events: list[EntityChanged]) -> None:
    for each in events:
        assert catalog.fold(each)
        catalog.derived.settle()
