"""The same work by Sipario and, where npm packages and PostgreSQL can be had, by Backstage, one after the other.

`./sipario bench catalog` runs this: a company comes in, is read, changes, and loses members. With `--alone`
only Sipario is asked; that is for the largest companies.
"""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from sipario_engines import EngineUnavailable, postgres
from sipario_engines.cache import cache_folder
from sipario_testkit.bench.backstage import RunningBackstage, installed
from sipario_testkit.bench.figures import Figures, percentiles
from sipario_testkit.bench.load import Work, run
from sipario_testkit.bench.processes import spent
from sipario_testkit.bench.reads import scenarios
from sipario_testkit.bench.running import RunningPortal
from sipario_testkit.bench.subject import BackstageSubject, Questions, SiparioSubject, Subject, passed
from sipario_testkit.node import NodeUnavailable
from sipario_testkit.organisation import Organisation, organisation

RECIPE = Path(__file__).parent / "backstage"
COUNTS = {1: 200, 16: 1600}
EDITS = 12
REMOVALS = 6
STAMP = "Edited a moment ago"

Measured = dict[str, tuple[float, str]]


class Measuring:
    """Takes one catalog through the work, and says how far it is; each figure has a name, a value and a unit."""

    def __init__(self, whose: str, subject: Subject, company: Organisation) -> None:
        self.found: Measured = {}
        self._whose = whose
        self._subject = subject
        self._company = company
        self._asking = Questions(subject)

    async def all(self) -> Measured:
        """Do everything, in the order in which it happens to a catalog."""
        await self._ingest()
        await self._read()
        await self._impact()
        await self._edit()
        await self._remove()
        await self._asking.close()
        return self.found

    async def _ingest(self) -> None:
        entities, relations = len(self._company.entities), len(self._company.relations) * 2
        before = self._subject.costs()
        begun = await self._subject.publish(self._company.files())

        async def visible() -> bool:
            return await self._asking.total() >= entities

        async def related() -> bool:
            return await self._asking.relations() >= relations

        self._take("first ingest, visible", await passed(begun, visible), "s")
        self._take("first ingest, related", await passed(begun, related), "s")
        cpu = spent(before, self._subject.costs())
        self._take("first ingest, CPU", sum(cpu.values()), "CPU s")
        await self._indexed(begun)

    async def _indexed(self, begun: float) -> None:
        async def searchable() -> bool:
            return await self._asking.indexed() >= len(self._company.entities)

        await self._subject.index()
        self._take("first ingest, searchable", await passed(begun, searchable), "s")

    async def _read(self) -> None:
        for name, asks in scenarios(self._company).items():
            for connections, count in COUNTS.items():
                at = {"base": self._subject.base, "token": self._subject.token}
                before = self._subject.costs()
                timing = await asyncio.to_thread(
                    run, Work(**at, asks=asks, count=count, connections=connections)
                )
                self._take(f"{name}, concurrency {connections}", timing.rate, "/s")
            cpu = sum(spent(before, self._subject.costs()).values())
            self._take(f"{name}, CPU each", 1000 * cpu / count / 1.1, "CPU ms")

    async def _impact(self) -> None:
        root, dependents = self._company.impact()
        begun = asyncio.get_running_loop().time()
        assert len(await self._asking.impact(root)) == dependents
        seconds = asyncio.get_running_loop().time() - begun
        self._take(f"{dependents} dependents, a request a level", 1000 * seconds, "ms")

    async def _edit(self) -> None:
        refs = self._company.refs("Component")[:EDITS]
        names = {ref.rpartition("/")[2] for ref in refs}
        edited = [
            {**each, "metadata": {**each["metadata"], "description": STAMP}}
            if each["metadata"]["name"] in names
            else each
            for each in self._company.entities
        ]
        begun = await self._publish(replace(self._company, entities=edited))

        async def seen(ref: str) -> bool:
            return await self._asking.description(ref) == STAMP

        values = await asyncio.gather(*(passed(begun, partial(seen, ref)) for ref in refs))
        self._take("edit to visible, p50", percentiles(values)["p50"], "s")

    async def _remove(self) -> None:
        refs = self._company.refs("Component")[-REMOVALS:]
        names = {ref.rpartition("/")[2] for ref in refs}
        left = [each for each in self._company.entities if each["metadata"]["name"] not in names]
        begun = await self._publish(replace(self._company, entities=left))

        async def gone(ref: str) -> bool:
            return await self._asking.description(ref) is None

        values = await asyncio.gather(*(passed(begun, partial(gone, ref)) for ref in refs))
        self._take("removal to gone, p50", percentiles(values)["p50"], "s")

    def _take(self, name: str, value: float, unit: str) -> None:
        self.found[name] = value, unit
        sys.stderr.write(f"{self._whose}: {name}: {value:,.3g} {unit}\n")

    async def _publish(self, company: Organisation) -> float:
        before, self._company = self._company.files(), company
        changed = {path: text for path, text in company.files().items() if text != before.get(path)}
        return await self._subject.publish(changed)


@pytest.mark.timeout(7200)
async def test_a_catalog_does_its_work(
    request: pytest.FixtureRequest, figures: Figures, tmp_path: Path
) -> None:
    company = organisation(request.config.getoption("--entities"))
    alone = request.config.getoption("--alone")
    theirs = {} if alone else await _of_backstage(company, tmp_path / "rival")
    with RunningPortal(tmp_path / "portal") as portal:
        ours = await Measuring("Sipario", SiparioSubject(portal, tmp_path), company).all()
        _kept(figures, portal, len(company.entities))
        portal.stop()
        figures.add("start to ready, full", portal.start(), "s", target=10.0)
    for name, (value, unit) in ours.items():
        figures.add(name, value, unit, backstage=theirs.get(name, (None, ""))[0], rising=unit == "/s")
    assert set(theirs) <= set(ours)


def _kept(figures: Figures, portal: RunningPortal, entities: int) -> None:
    memory = {name: round(cost.pss) for name, cost in portal.costs().items()}
    figures.add(f"memory, {entities:,} (PSS)", sum(memory.values()), "MB", detail=memory)


async def _of_backstage(company: Organisation, folder: Path) -> Measured:
    """Measure it, or say why it can't be."""
    try:
        node = await asyncio.to_thread(installed, RECIPE, cache_folder() / "backstage")
        async with _backstage(node, folder) as subject:
            return await Measuring("Backstage", subject, company).all()
    except (NodeUnavailable, EngineUnavailable) as error:
        sys.stdout.write(f"Backstage is not measured: {error}\n")
        return {}


@asynccontextmanager
async def _backstage(node: Path, folder: Path) -> AsyncIterator[Subject]:
    data = folder / "data"
    data.mkdir(parents=True)
    async with AsyncExitStack() as stack:
        backend = RunningBackstage(node, data, await stack.enter_async_context(postgres()))
        stack.callback(backend.stop)
        yield BackstageSubject(backend, data)
