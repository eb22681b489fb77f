"""How long after `git push` a change is seen, beside a company of 1,000 entities."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from sipario_testkit.bench.figures import Figures, percentiles
from sipario_testkit.bench.ingesting import ingest
from sipario_testkit.bench.repository import Clone
from sipario_testkit.harness import Harness
from sipario_testkit.waiting import until

REPOSITORIES = 4
WARM_UP = 4
EDITS = 40
REMOVALS = 12
# Seconds that Backstage takes by itself; after a refresh call an edit takes 2 s and a removal 22 s.
BACKSTAGE = {"API": 103.0, "graph impact": 103.0, "search": 750.0, "docs": None, "docs search": 750.0}


class Edited:
    """One of the repositories that are pushed to: a component with docs, and others that are to go."""

    def __init__(self, number: int, clone: Clone) -> None:
        self.ref = f"component:default/edited-{number}"
        self.clone = clone
        self.doomed = [f"doomed-{number}-{each}" for each in range(REMOVALS // REPOSITORIES)]

    def files(self, word: str, needs: str) -> Mapping[str, str]:
        name = self.ref.partition("/")[2]
        entity = _component(name, word, dependsOn=[needs])
        entity["metadata"]["annotations"] = {"backstage.io/techdocs-ref": "dir:."}
        doomed = [_component(each, "To be removed") for each in self.doomed]
        return {
            "catalog-info.yaml": yaml.safe_dump_all([entity, *doomed]),
            "mkdocs.yml": f"site_name: {name}\nplugins: [techdocs-core]\n",
            "docs/index.md": f"# How {name} works\n\nToday's word is {word}.\n\n## More\n\nNothing else.\n",
            "docs/other.md": "# Another page\n\nIt stays as it is.\n",
        }


@pytest.mark.timeout(1800)
async def test_a_push_is_seen_everywhere(small: Any, figures: Figures, tmp_path: Path) -> None:
    harness = Harness.of(small.portal.state)
    await ingest(harness, small.organisation, "company")
    repositories = [
        Edited(number, Clone(f"edited-{number}", harness.forge, tmp_path)) for number in range(REPOSITORIES)
    ]
    needs = small.organisation.refs("Component")
    for each in repositories:
        await each.clone.make()
    seen: dict[str, list[float]] = {name: [] for name in BACKSTAGE}
    for number in range(-WARM_UP, EDITS):
        edited = repositories[number % REPOSITORIES]
        found = await _edit(harness, edited, f"zimarra{number + WARM_UP:04d}x", needs[number + WARM_UP])
        for name, seconds in found.items() if number >= 0 else ():
            seen[name].append(seconds)
    for name, values in seen.items():
        _add(figures, f"push to visible, {name}", values, BACKSTAGE[name])
    gone = [await _remove(harness, each) for each in repositories for _ in range(REMOVALS // REPOSITORIES)]
    _add(figures, "removal to gone, API, graph and search", gone, 56.0)
    await harness.close()


async def _edit(harness: Harness, edited: Edited, word: str, needs: str) -> dict[str, float]:
    kind, name = edited.ref.split(":")
    path, target = f"{kind}/{name}", needs.replace(":", "/")
    docs = f"/api/techdocs/pages/default/{kind}/{name.partition('/')[2]}/"

    async def described() -> bool:
        return word in await _text(harness, f"/api/catalog/entities/by-name/{path}")

    async def affected() -> bool:
        return edited.ref in await _text(harness, f"/api/graph/impact/{target}")

    async def found() -> bool:
        return word in await _text(harness, f"/api/search/query?term={word}&types[0]=software-catalog")

    async def read() -> bool:
        return word in await _text(harness, docs)

    async def found_in_docs() -> bool:
        return word in await _text(harness, f"/api/search/query?term={word}&types[0]=techdocs")

    begun = await edited.clone.push(edited.files(word, needs))
    looks = (described, affected, found, read, found_in_docs)
    return dict(zip(BACKSTAGE, await asyncio.gather(*(_after(begun, look) for look in looks)), strict=True))


async def _remove(harness: Harness, edited: Edited) -> float:
    name = edited.doomed.pop()

    async def gone() -> bool:
        at = f"component/default/{name}"
        answers = [
            await harness.get(f"/api/{way}/{at}") for way in ("catalog/entities/by-name", "graph/impact")
        ]
        found = await _text(harness, f"/api/search/query?term={name}")
        return {each.status_code for each in answers} == {404} and f'"{name}"' not in found

    return await _after(await edited.clone.push(edited.files("Gone", edited.ref)), gone)


async def _after(begun: float, look: Callable[[], Awaitable[bool]]) -> float:
    await until(look, within=60.0)
    return time.perf_counter() - begun


async def _text(harness: Harness, path: str) -> str:
    return (await harness.get(path)).text


def _component(name: str, says: str, **spec: Any) -> dict[str, Any]:
    return {
        "apiVersion": "backstage.io/v1alpha1",
        "kind": "Component",
        "metadata": {"name": name, "description": says},
        "spec": {"type": "service", "lifecycle": "production", "owner": "group:default/nobody", **spec},
    }


def _add(figures: Figures, name: str, values: list[float], backstage: float | None) -> None:
    at = percentiles(values)
    for rank, target in (("p50", 1.0), ("p95", None), ("p99", 3.0)):
        against = backstage if rank == "p50" else None
        figures.add(f"{name}, {rank}", at[rank], "s", backstage=against, target=target)
