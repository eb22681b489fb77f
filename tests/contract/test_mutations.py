"""However an entity is mutilated: it passes, is served and can be indexed, or is told to be wrong; nothing breaks."""

import copy
from collections.abc import Iterator
from typing import Any

import orjson
import pytest
import yaml
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sipario_catalog_graph.catalog import Catalog
from sipario_events import Cause
from sipario_ingestor.pipeline import Passage, Pipeline
from sipario_ingestor.place import FolderPlace
from sipario_ingestor.plugins import plugins
from sipario_ingestor.processing import Context, process
from sipario_ingestor.rules import Rules
from sipario_model import LocationRef, documents, read
from sipario_search.document import entity_written

FILE = "all.yaml"
ENTITIES = """\
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: seats
  namespace: hall
  title: Seats
  description: Keeps who sits where
  labels: {tier: "1", sipario.dev/hall: big}
  annotations: {backstage.io/techdocs-ref: "dir:.", backstage.io/view-url: "https://git.example.org/seats"}
  tags: [python, web]
  links: [{url: "https://example.org/seats", title: Seats, icon: docs, type: runbook}]
spec:
  type: service
  lifecycle: production
  owner: group:default/ushers
  system: booking
  subcomponentOf: hall
  providesApis: [seats]
  consumesApis: [hall/prices]
  dependsOn: ["resource:default/plans", "component:default/clock"]
  dependencyOf: ["component:default/till"]
---
apiVersion: backstage.io/v1alpha1
kind: API
metadata: {name: seats}
spec:
  type: openapi
  lifecycle: production
  owner: ushers
  system: booking
  definition: {$text: ./seats.openapi.yaml}
---
apiVersion: backstage.io/v1alpha1
kind: API
metadata: {name: tools}
spec: {type: mcp-server, lifecycle: production, owner: ushers, remotes: [{type: sse, url: "https://example.org/"}]}
---
apiVersion: backstage.io/v1beta1
kind: Group
metadata: {name: ushers}
spec: {type: team, children: [cloakroom], parent: house, members: [ada], profile: {email: u@example.org}}
---
apiVersion: backstage.io/v1alpha1
kind: User
metadata: {name: ada}
spec: {memberOf: [ushers], profile: {displayName: Ada, email: ada@example.org, picture: "https://example.org/a.png"}}
---
apiVersion: backstage.io/v1alpha1
kind: Location
metadata: {name: more}
spec: {type: url, target: "https://git.example.org/more.yaml", targets: [./a.yaml, ./b.yaml], presence: optional}
---
apiVersion: scaffolder.backstage.io/v1beta3
kind: Template
metadata: {name: new-hall}
spec:
  type: service
  owner: ushers
  parameters: [{title: About, properties: {name: {type: string}}}]
  steps: [{id: fetch, name: Fetch, action: "fetch:plain", input: {url: ./skeleton}}]
---
apiVersion: sipario.dev/v1alpha1
kind: KindDefinition
metadata: {name: stage}
spec:
  owner: ushers
  names: {kind: Stage}
  schema: {type: object, properties: {width: {type: number}}}
  relations: [{field: hall, type: standsIn, inverse: holds, defaultKind: Component}]
"""
ORIGINALS = [document.value for document in documents(ENTITIES, FILE)]
EXAMPLES = 400

Step = str | int
NAMES = [
    *("", " ", "a" * 300, ":", "/", "a:b:c/d/e", "default/../x", "component:default/a", "\uff21PI", "-", "."),
    *(
        "$text",
        "$ref",
        "<<",
        "__class__",
        "javascript:alert(1)",
        "url:http://[",
        "\u0000",
        "1e999",
        "${{ x }}",
    ),
]
words = st.one_of(st.text(max_size=30), st.sampled_from(NAMES))
numbers = st.one_of(st.integers(), st.floats(), st.just(10**400))
scalars = st.one_of(st.none(), st.booleans(), numbers, words, st.dates(), st.binary(max_size=5))
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=8,
)


def _places(value: Any, path: tuple[Step, ...] = ()) -> Iterator[tuple[Step, ...]]:
    """List the ways to all that is inside."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in inside:
        yield (*path, key)
        yield from _places(each, (*path, key))


@st.composite
def mutilated(draw: st.DrawFn) -> str:
    """An entity with up to three places changed, and perhaps a piece of text where it does not belong."""
    entity = copy.deepcopy(draw(st.sampled_from(ORIGINALS)))
    for _ in range(draw(st.integers(0, 3))):
        places = list(_places(entity))
        if places:
            _change(draw, entity, draw(st.sampled_from(places)))
    text = yaml.safe_dump(entity, allow_unicode=draw(st.booleans()))
    at = draw(st.integers(0, len(text)))
    return text if draw(st.booleans()) else text[:at] + draw(words) + text[at:]


def _change(draw: st.DrawFn, entity: Any, path: tuple[Step, ...]) -> None:
    *way, last = path
    for step in way:
        entity = entity[step]
    change = draw(st.sampled_from(["replace", "replace", "remove", "add"]))
    if change == "replace":
        entity[last] = draw(values)
    elif change == "remove":
        del entity[last]
    elif isinstance(entity, dict):
        entity[draw(words)] = draw(values)
    else:
        entity.append(draw(values))


@pytest.fixture(scope="module")
def context() -> Iterator[Context]:
    """What is known of the file; every kind is allowed, so that every kind is tried to its end."""

    def nothing(reference: str, path: str) -> bytes:
        raise ValueError(f"{path} leads to {reference}, where nothing is")

    pipeline = Pipeline(plugins().extensions)
    rules = Rules.of({"rules": [{"allow": sorted({each["kind"] for each in ORIGINALS})}]})
    origin = LocationRef("file", f"/catalog/{FILE}")
    yield Context(
        str(origin), FolderPlace("/catalog"), FILE, (origin,), rules, Cause(), Passage(pipeline, nothing)
    )
    pipeline.close()


@settings(
    max_examples=EXAMPLES,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate, Phase.shrink],
    suppress_health_check=list(HealthCheck),
)
@given(text=mutilated())
def test_a_mutilated_entity_passes_or_is_told_to_be_wrong(context: Context, text: str) -> None:
    reading = read(text, FILE)
    for problem in reading.problems:
        assert problem.message
    for document in reading.documents:
        processed = process(document, context)
        assert processed.event or processed.problems
        assert all(each.message for each in processed.problems)
        if processed.event:
            event = processed.event.model_copy(update={"version": 1})
            catalog = Catalog()
            assert catalog.fold(type(event).read(event.body()))
            assert orjson.loads(catalog.served(event.ref))["kind"] == event.entity["kind"]
            assert entity_written(event)


def test_what_is_mutilated_is_good_before(context: Context) -> None:
    for document in documents(ENTITIES, FILE):
        processed = process(document, context)
        assert processed.event, processed.problems
