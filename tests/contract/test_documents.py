"""Whatever is sent, each endpoint answers as its OpenAPI document says, and never that the fault is its own."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from sipario.testing import RunningPortal
from sipario_testkit.files import component, site
from sipario_testkit.harness import Harness

SERVICES = Path(__file__).parents[2] / "services"
DOCUMENTS = sorted(SERVICES.glob("*/openapi.json"))
# A stream has no end, and to make a projection anew again and again would only take time.
LEFT_OUT = ("/api/events/stream", "/rebuild")
# What is there: words that are made up are hardly ever the name of something.
KNOWN = {"kind": "component", "namespace": "default", "name": "told", "path": "index.html", "version": "1"}
CHECKS: list[Any] = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
EXAMPLES = 20
SECONDS = 10


def operations() -> Iterator[Any]:
    """All endpoints that a document tells of, but for those that are left out."""
    for document in DOCUMENTS:
        for found in schemathesis.openapi.from_path(document).get_all_operations():
            assert isinstance(found, Ok), found
            operation = found.ok()
            if not operation.path.endswith(LEFT_OUT):
                yield pytest.param(operation, id=operation.label)


@pytest.fixture(scope="module")
def door(portal: RunningPortal) -> Iterator[requests.Session]:
    """Let somebody ask who is signed in, of a catalog in which there is something."""
    state = portal.state()
    asyncio.run(_published(Harness.of(state)))
    with requests.Session() as session:
        session.headers["authorization"] = f"Bearer {state['token']}"
        yield session


async def _published(harness: Harness) -> None:
    files = {"catalog-info.yaml": component("told"), **site("# Told\n\nAll of it.\n")}
    await harness.publish("contract-told", files)
    await harness.close()


@pytest.mark.slow
@pytest.mark.parametrize("operation", list(operations()))
def test_an_endpoint_keeps_its_word(operation: Any, portal: RunningPortal, door: requests.Session) -> None:
    base = portal.state()["gateway"]

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=_cases(operation))
    def asked(case: Any) -> None:
        answer = case.call(base_url=base, session=door, timeout=SECONDS, allow_redirects=False)
        case.validate_response(answer, checks=CHECKS)

    asked()


def _cases(operation: Any) -> st.SearchStrategy[Any]:
    """What fits the document, what does not, and what asks of something that is there."""
    cases = [operation.as_strategy(generation_mode=mode) for mode in GenerationMode]
    names = {each.name for each in operation.path_parameters}
    if names and names <= KNOWN.keys():
        there = {name: KNOWN[name] for name in names}
        cases += [operation.as_strategy(path_parameters=there, generation_mode=GenerationMode.POSITIVE)]
    return st.one_of(cases)
