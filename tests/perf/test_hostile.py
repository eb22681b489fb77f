"""What it costs to refuse questions that are garbage, huge or hostile: each is a 400 with its reason, and soon."""

import base64
import json
from typing import Any

import pytest
from sipario_testkit.bench.figures import Figures
from sipario_testkit.bench.ingesting import ingest
from sipario_testkit.bench.processes import spent
from sipario_testkit.harness import Harness

TIMES = 20
QUERY = "/api/catalog/entities/by-query"


def nested(depth: int) -> dict[str, Any]:
    """A predicate inside a predicate, and so on."""
    found: dict[str, Any] = {"kind": "component"}
    for _ in range(depth):
        found = {"$not": found}
    return found


# Method, path and body.
HOSTILE: dict[str, tuple[str, str, Any]] = {
    "a cursor of noise": ("GET", f"{QUERY}?cursor={'A' * 8000}", None),
    "a cursor with a wrong question": (
        "GET",
        f"{QUERY}?cursor={base64.urlsafe_b64encode(json.dumps({'query': nested(50)}).encode()).decode()}",
        None,
    ),
    "a predicate in a predicate, 200 deep": ("POST", QUERY, {"query": nested(200)}),
    "a predicate of 1 MB": ("POST", QUERY, {"query": {"kind": {"$in": ["x" * 100] * 9_000}}}),
    "10,001 refs": (
        "POST",
        "/api/catalog/entities/by-refs",
        {"entityRefs": ["component:default/a"] * 10_001},
    ),
    "10,000 refs that are none": ("POST", "/api/catalog/entities/by-refs", {"entityRefs": [7] * 10_000}),
    "fields with subscripts": ("GET", f"{QUERY}?fields={'a[0],' * 900}", None),
    "101 facets": ("GET", "/api/catalog/entity-facets?" + "&".join(f"facet=f{n}" for n in range(101)), None),
    "a limit that is no number": ("GET", f"{QUERY}?limit={'9' * 3000}e", None),
    "a location query that is too deep": ("POST", "/api/catalog/locations/by-query", {"query": nested(100)}),
    "a search filter that is none": ("GET", "/api/search/query?filters[[[[]=x", None),
}


@pytest.mark.timeout(900)
async def test_refusals_are_cheap(small: Any, figures: Figures) -> None:
    harness = Harness.of(small.portal.state)
    await ingest(harness, small.organisation, "company")
    for name, (method, path, body) in HOSTILE.items():
        before = small.portal.costs()
        for _ in range(TIMES):
            answer = await harness.client.request(method, path, json=body)
            assert answer.status_code == 400, (name, answer.status_code, answer.text[:300])
            assert answer.json()["error"]["message"]
        cpu = 1000 * sum(spent(before, small.portal.costs()).values()) / TIMES
        figures.add(f"refusal of {name}", cpu, "CPU ms", target=50.0)
    await harness.close()
