"""How long a company takes to come in, from one push until all of it is visible, related and found."""

from typing import Any

import pytest
from sipario_testkit.bench.figures import Figures
from sipario_testkit.bench.ingesting import ingest, relations
from sipario_testkit.bench.processes import spent
from sipario_testkit.harness import Harness

# Seconds from the start of the process, and CPU seconds with its database.
BACKSTAGE = {1_000: (11.0, 15.0), 10_000: (63.0, 94.9)}
TARGETS = {1_000: 3.0, 10_000: 12.0}


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("size", ["small", "large"])
async def test_a_company_comes_in(size: str, request: pytest.FixtureRequest, figures: Figures) -> None:
    company: Any = request.getfixturevalue(size)
    harness = Harness.of(company.portal.state)
    entities = len(company.organisation.entities)
    before = company.portal.costs()
    found = await ingest(harness, company.organisation, "company")
    cpu = spent(before, company.portal.costs())
    facts = company.organisation.manifest()
    assert await relations(harness) >= facts["relations"]
    name = f"first ingest of {entities:,}"
    seconds, cores = BACKSTAGE.get(entities, (None, None))
    figures.add(f"{name}, push accepted", found.pushed, "s")
    figures.add(f"{name}, visible in API", found.visible, "s", backstage=seconds)
    figures.add(
        f"{name}, graph and index too",
        found.settled,
        "s",
        backstage=seconds,
        target=TARGETS.get(entities),
        detail={"relations": facts["relations"], "settled": found.lags},
    )
    figures.add(f"{name}, CPU", sum(cpu.values()), "CPU s", backstage=cores, detail=cpu)
    await harness.close()
