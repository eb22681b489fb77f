import asyncio
from pathlib import Path
from typing import Any

import pytest
from sipario_events import ENTITIES, Cause, RepositoryChanged
from sipario_ingestor.aside import Aside, Taking
from sipario_ingestor.outcome import Outcome
from sipario_ingestor.reader import Request
from sipario_ingestor.reading import Reading
from sipario_ingestor.recorder import Recorder
from sipario_ingestor.store_ledger import SourceStore
from sipario_kit.projection import Checkpoint
from sipario_ledger.clock import now
from sipario_model.uid import uid_of


def component(name: str, description: str = "", **spec: Any) -> str:
    more = "".join(f", {name}: {value}" for name, value in spec.items())
    lines = [
        "apiVersion: backstage.io/v1alpha1",
        "kind: Component",
        f"metadata: {{name: {name}, description: '{description}'}}",
        f"spec: {{type: service, lifecycle: production, owner: team-a{more}}}",
    ]
    return "\n".join(lines) + "\n"


async def push(desk: Any, host: Any, name: str, files: dict[str, Any], **more: Any) -> str:
    """Push and tell it, as a webhook would."""
    sha: str = host.push(name, files, **more)
    fact = RepositoryChanged(repository=f"{host.url}/{name}", branch="main", commit=sha)
    await desk.inbox.apply([fact], Checkpoint("life", {}))
    await desk.settle()
    return sha


async def test_a_push_is_recorded_with_its_cause_and_annotations(desk: Any, host: Any) -> None:
    sha = host.push("shop", {"catalog-info.yaml": component("shop", dependsOn="[resource:db]")})
    await desk.register(f"{host.url}/shop")
    event = (await desk.entities())["component:default/shop"]
    page = f"url:{host.url}/shop/blob/main/catalog-info.yaml"
    assert (event.cause.commit, event.cause.author, event.cause.repository) == (
        sha,
        "Ada",
        f"{host.url}/shop",
    )
    assert event.location == page
    assert event.entity["metadata"]["namespace"] == "default"
    assert event.entity["metadata"]["annotations"] == {
        "backstage.io/managed-by-location": page,
        "backstage.io/managed-by-origin-location": f"url:{host.url}/shop",
        "backstage.io/source-location": f"url:{host.url}/shop/tree/main/",
    }
    assert [(each.source, each.type, each.target) for each in event.relations] == [
        ("component:default/shop", "dependsOn", "resource:default/db"),
        ("component:default/shop", "ownedBy", "group:default/team-a"),
    ]


async def test_unchanged_input_says_nothing(desk: Any, host: Any) -> None:
    files = {"catalog-info.yaml": component("shop") + "---\n" + component("till")}
    host.push("shop", files)
    await desk.register(f"{host.url}/shop")
    top = await desk.ledger.top()
    await push(desk, host, "shop", {**files, "README.md": "new"})
    await desk.look()
    await desk.registry.refresh("component:default/shop")
    await desk.settle()
    assert await desk.ledger.top() == top


async def test_only_what_changed_gets_a_version(desk: Any, host: Any) -> None:
    files = {f"part-{n}.yaml": component(f"c{n}") for n in range(5)}
    host.push("shop", files)
    await desk.register(f"{host.url}/shop")
    await push(desk, host, "shop", {**files, "part-3.yaml": component("c3", "other")})
    versions = {name: event.version for name, event in (await desk.entities()).items()}
    assert versions == {f"component:default/c{n}": 2 if n == 3 else 1 for n in range(5)}


async def test_what_is_no_longer_declared_is_gone(desk: Any, host: Any) -> None:
    files = {"a.yaml": component("a"), "b.yaml": component("b")}
    host.push("shop", files)
    await desk.register(f"{host.url}/shop")
    await push(desk, host, "shop", {"a.yaml": component("a")})
    assert await desk.refs() == ["component:default/a"]
    head = await desk.ledger.head(ENTITIES, "component:default/b")
    assert (head.gone, head.version) == (True, 2)


async def test_a_removal_whose_webhook_was_lost_is_found(desk: Any, host: Any) -> None:
    host.push("shop", {"a.yaml": component("a"), "b.yaml": component("b")})
    await desk.register(f"{host.url}/shop")
    host.push("shop", {"b.yaml": component("b")})
    await desk.look()
    assert await desk.refs() == ["component:default/b"]


async def test_a_broken_file_keeps_the_last_good_version_and_says_why(desk: Any, host: Any) -> None:
    host.push("shop", {"a.yaml": component("a", "good"), "b.yaml": component("b")})
    await desk.register(f"{host.url}/shop")
    broken = "apiVersion: backstage.io/v1alpha1\nkind: [Component\nmetadata: {name: a}\n"
    await push(desk, host, "shop", {"a.yaml": broken, "b.yaml": component("b", "new")})
    entities = await desk.entities()
    kept, other = entities["component:default/a"], entities["component:default/b"]
    assert kept.entity["metadata"]["description"] == "good"
    assert [(each.level, each.type, each.path) for each in kept.status] == [
        ("error", "backstage.io/catalog-processing", "a.yaml")
    ]
    assert (other.entity["metadata"]["description"], other.status) == ("new", ())
    await push(desk, host, "shop", {"a.yaml": component("a", "good"), "b.yaml": component("b", "new")})
    mended = (await desk.entities())["component:default/a"]
    assert (mended.status, mended.version) == ((), 3)
    assert await desk.problems("shop") == []


async def test_a_broken_document_costs_only_itself(desk: Any, host: Any) -> None:
    good, bad = component("a"), component("b", spec_is="wrong").replace("type: service", "type: 7")
    host.push("shop", {"catalog-info.yaml": good + "---\n" + component("b") + "---\n" + component("c")})
    await desk.register(f"{host.url}/shop")
    await push(desk, host, "shop", {"catalog-info.yaml": component("a", "new") + "---\n" + bad})
    entities = await desk.entities()
    assert sorted(entities) == ["component:default/a", "component:default/b"]
    assert entities["component:default/a"].status == ()
    assert "type" in (entities["component:default/b"].status[0].field or "")


async def test_a_second_claim_is_refused_and_takes_over_later(desk: Any, host: Any) -> None:
    host.push("first", {"catalog-info.yaml": component("a", "first")})
    host.push("second", {"catalog-info.yaml": component("a", "second")})
    await desk.register(f"{host.url}/first")
    await desk.register(f"{host.url}/second")
    assert (await desk.entities())["component:default/a"].entity["metadata"]["description"] == "first"
    assert "already declared by" in (await desk.problems("second"))[0]
    await push(desk, host, "first", {"README.md": ""})
    await desk.settle()
    taken = (await desk.entities())["component:default/a"]
    assert taken.entity["metadata"]["description"] == "second"
    assert await desk.problems("second") == []


async def test_a_location_of_a_file_that_is_read_already_is_no_failure(desk: Any, host: Any) -> None:
    host.push("shop", {"catalog-info.yaml": component("a")})
    host.push("shop", {"catalog-info.yaml": component("a", "aside")}, branch="side")
    await desk.register(f"{host.url}/shop")
    same, other = (f"{host.url}/shop/blob/{branch}/catalog-info.yaml" for branch in ("main", "side"))
    await desk.register(same)
    told = {each["id"]: each for each in await desk.registry.sources()}
    assert [each["state"] for each in told.values()] == ["ok", "ok"]
    assert told[f"url:{host.url}/shop"]["problems"] == []
    (problem,) = told[f"url:{same}"]["problems"]
    holder = f"url:{host.url}/shop"
    message = f"component:default/a comes from this file already, which {holder} reads too"
    assert problem == {"message": message, "level": "info", "entityRef": "component:default/a"}
    await desk.register(other)
    told = {each["id"]: each for each in await desk.registry.sources()}
    assert (told[f"url:{other}"]["state"], told[f"url:{same}"]["state"]) == ("failed", "ok")


class OneTransaction(SourceStore):
    """Dies before it can write anything by itself."""

    async def write(self, *_: Any, **__: Any) -> Any:
        raise asyncio.CancelledError


async def test_a_refused_claim_is_told_at_once_on_both_sources(desk: Any, host: Any) -> None:
    for name in ("first", "second"):
        host.push(name, {"catalog-info.yaml": component("a", name)})
    await desk.register(f"{host.url}/first")
    await desk.registry.register("url", f"{host.url}/second")
    recorder = Recorder(desk.ledger, OneTransaction(desk.ledger, now))
    desk.reading = Reading(
        desk.store,
        Aside(desk.reader),
        recorder,
        configuration=desk.configuration,
        kinds=desk.kinds,
        clock=now,
    )
    await desk.settle()
    assert (await desk.source("second")).state == "failed"
    told = [
        (each["repository"].rpartition("/")[2], problem["level"], problem["message"])
        for each in await desk.registry.sources()
        for problem in each["problems"]
    ]
    ref, url = "component:default/a", f"url:{host.url}"
    assert sorted(told) == [
        ("first", "warning", f"{ref} is declared by {url}/second too, which waits until it is gone here"),
        (
            "second",
            "error",
            f"{ref} is already declared by {url}/first; it takes over here once it is gone there",
        ),
    ]


async def test_a_kind_that_is_not_allowed_is_left_out(open_desk: Any, host: Any) -> None:
    async with open_desk(rules=[{"allow": ["Location"]}]) as desk:
        host.push("shop", {"catalog-info.yaml": component("a")})
        await desk.register(f"{host.url}/shop")
        assert await desk.refs() == []
        assert "not of an allowed kind" in (await desk.problems("shop"))[0]


async def test_locations_lead_through_files_globs_and_other_repositories(desk: Any, host: Any) -> None:
    location = (
        "apiVersion: backstage.io/v1alpha1\nkind: Location\nmetadata: {name: all}\n"
        f"spec: {{targets: [./parts/*.yaml, ./catalog-info.yaml, '{host.url}/other/blob/main/x.yaml']}}\n"
    )
    host.push(
        "shop",
        {"catalog-info.yaml": location, "parts/a.yaml": component("a"), "parts/b.yaml": component("b")},
    )
    host.push("other", {"x.yaml": component("x")})
    await desk.register(f"{host.url}/shop")
    assert await desk.refs() == [
        "component:default/a",
        "component:default/b",
        "component:default/x",
        "location:default/all",
    ]
    child = (await desk.entities())["component:default/x"]
    annotations = child.entity["metadata"]["annotations"]
    assert annotations["backstage.io/managed-by-origin-location"] == f"url:{host.url}/shop"
    await push(desk, host, "shop", {"catalog-info.yaml": component("only")})
    assert await desk.refs() == ["component:default/only"]


async def test_a_missing_target_is_said_on_the_location(desk: Any, host: Any) -> None:
    for presence, expected in (("required", 1), ("optional", 0)):
        text = (
            "apiVersion: backstage.io/v1alpha1\nkind: Location\nmetadata: {name: all}\n"
            f"spec: {{targets: [./none.yaml, ./a.yaml], presence: {presence}}}\n"
        )
        sha = host.push("shop", {"catalog-info.yaml": text, "a.yaml": component("a")})
        await desk.inbox.apply(
            [RepositoryChanged(repository=f"{host.url}/shop", branch="main", commit=sha)],
            Checkpoint("life", {}),
        )
        if presence == "required":
            await desk.register(f"{host.url}/shop")
        await desk.settle()
        entities = await desk.entities()
        assert sorted(entities) == ["component:default/a", "location:default/all"]
        assert len(entities["location:default/all"].status) == expected


async def test_text_is_substituted_and_read_again_when_it_changes(desk: Any, host: Any) -> None:
    api = (
        "apiVersion: backstage.io/v1alpha1\nkind: API\nmetadata: {name: tickets}\n"
        "spec: {type: openapi, lifecycle: production, owner: team-a, definition: {$text: %s}}\n"
    )
    host.push("specs", {"openapi.yaml": "openapi: 3.1.0"})
    host.push("shop", {"catalog-info.yaml": api % f"{host.url}/specs/blob/main/openapi.yaml"})
    await desk.register(f"{host.url}/shop")

    async def definition() -> str:
        text: str = (await desk.entities())["api:default/tickets"].entity["spec"]["definition"]
        return text

    assert await definition() == "openapi: 3.1.0"
    await push(desk, host, "specs", {"openapi.yaml": "openapi: 3.2.0"})
    assert await definition() == "openapi: 3.2.0"
    await push(desk, host, "shop", {"catalog-info.yaml": api % "./none.yaml"})
    event = (await desk.entities())["api:default/tickets"]
    assert event.entity["spec"]["definition"] == "openapi: 3.2.0"
    assert "could not be read" in event.status[0].message


async def test_an_unregistered_location_takes_its_entities_along(desk: Any, host: Any) -> None:
    host.push("shop", {"catalog-info.yaml": component("a")})
    await desk.register(f"{host.url}/shop")
    (location,) = await desk.registry.locations()
    await desk.registry.unregister(location["id"])
    await desk.settle()
    assert await desk.refs() == []
    assert await desk.registry.sources() == []


async def test_a_folder_of_the_configuration_is_read(open_desk: Any, tmp_path: Any) -> None:
    (tmp_path / "org.yaml").write_text(component("a"))
    async with open_desk(locations=[{"type": "file", "target": str(tmp_path / "org.yaml")}]) as desk:
        await desk.look()
        assert await desk.refs() == ["component:default/a"]
        (tmp_path / "org.yaml").write_text(component("b"))
        await desk.look()
        assert await desk.refs() == ["component:default/b"]


@pytest.mark.parametrize(
    ("target", "refs"),
    [
        ("*.yaml", ["component:default/a"]),
        ("**/*.yaml", ["component:default/a", "component:default/b"]),
        ("teams/*/b.yaml", ["component:default/b"]),
        ("teams", ["component:default/b"]),
    ],
)
async def test_a_pattern_of_the_configuration_is_read(
    open_desk: Any, tmp_path: Path, target: str, refs: list[str]
) -> None:
    folder = tmp_path / "org"
    (folder / "teams/one").mkdir(parents=True)
    (folder / "a.yaml").write_text(component("a"))
    (folder / "teams/one/b.yaml").write_text(component("b"))
    async with open_desk(locations=[{"type": "file", "target": f"{folder}/{target}"}]) as desk:
        await desk.look()
        assert await desk.refs() == refs


async def test_a_configured_location_of_an_unknown_type_says_which_there_are(
    open_desk: Any, host: Any
) -> None:
    async with open_desk(locations=[{"type": "github-discovery", "target": f"{host.url}/shop"}]) as desk:
        await desk.look()
        (source,) = await desk.registry.sources()
        assert (source["state"], source["problems"][0]["message"]) == (
            "failed",
            "there is no location type github-discovery; there are url, file",
        )


async def test_an_older_push_that_comes_late_changes_nothing(desk: Any, host: Any) -> None:
    older = host.push("shop", {"catalog-info.yaml": component("a", "old")})
    host.push("shop", {"catalog-info.yaml": component("a", "new")})
    await desk.register(f"{host.url}/shop")
    top = await desk.ledger.top()
    late = RepositoryChanged(repository=f"{host.url}/shop", branch="main", commit=older)
    await desk.inbox.apply([late], Checkpoint("life", {}))
    await desk.settle()
    assert await desk.ledger.top() == top


@pytest.mark.parametrize("restart", [False, True])
async def test_a_renamed_file_keeps_its_entity(open_desk: Any, host: Any, restart: bool) -> None:
    host.push("shop", {"a.yaml": component("a")})
    async with open_desk() as desk:
        await desk.register(f"{host.url}/shop")
        if not restart:
            await push(desk, host, "shop", {"b.yaml": component("a")})
            assert (await desk.entities())["component:default/a"].version == 2
            return
    host.push("shop", {"b.yaml": component("a")})
    async with open_desk() as desk:
        await desk.look()
        assert (await desk.entities())["component:default/a"].version == 2


@pytest.mark.parametrize("slip", [("kind: Component", "kind: Componnent"), ("name: shop", "name: My Shop!")])
async def test_a_slip_in_kind_or_name_keeps_the_entity_with_a_status(desk: Any, host: Any, slip: Any) -> None:
    good = component("shop")
    host.push("shop", {"catalog-info.yaml": good})
    await desk.register(f"{host.url}/shop")
    await push(desk, host, "shop", {"catalog-info.yaml": good.replace(*slip)})
    kept = (await desk.entities())["component:default/shop"]
    assert [item.level for item in kept.status] == ["error"]
    await push(desk, host, "shop", {"catalog-info.yaml": good})
    assert (await desk.entities())["component:default/shop"].status == ()


async def test_a_source_that_is_wanted_again_while_it_is_removed_stays(desk: Any, host: Any) -> None:
    host.push("shop", {"catalog-info.yaml": component("shop")})
    await desk.register(f"{host.url}/shop")
    source = await desk.source("shop")
    # Whoever removes it found no reason to read it; since then it was registered.
    assert await Recorder(desk.ledger, desk.store).remove(source, Cause()) is None
    assert await desk.refs() == ["component:default/shop"]
    assert await desk.source("shop") == source


async def test_text_of_another_repository_is_read_again_though_no_webhook_came(desk: Any, host: Any) -> None:
    host.push("texts", {"note.md": "old"})
    note = f"{{$text: '{host.url}/texts/blob/main/note.md'}}"
    host.push("shop", {"catalog-info.yaml": component("a", note=note)})
    await desk.register(f"{host.url}/shop")
    await desk.look()
    asked = (await desk.source("shop")).asked
    await desk.look()
    assert (await desk.source("shop")).asked == asked
    host.push("texts", {"note.md": "new"})
    await desk.look()
    assert (await desk.entities())["component:default/a"].entity["spec"]["note"] == "new"


class Paused(Aside):
    """Reads, and then takes its time to say so."""

    def __init__(self, desk: Any) -> None:
        super().__init__(desk.reader)
        self.seen, self.on = asyncio.Event(), asyncio.Event()

    async def read(self, request: Request, take: Taking) -> Outcome:
        outcome = await super().read(request, take)
        self.seen.set()
        await self.on.wait()
        return outcome


async def test_what_is_let_go_while_its_source_is_read_comes_back_when_it_is_declared_still(
    desk: Any, host: Any
) -> None:
    host.push("shop", {"catalog-info.yaml": component("a") + "---\n" + component("b")})
    await desk.register(f"{host.url}/shop")
    paused = Paused(desk)
    desk.reading = Reading(
        desk.store,
        paused,
        Recorder(desk.ledger, desk.store),
        configuration=desk.configuration,
        kinds=desk.kinds,
        clock=now,
    )
    await desk.registry.refresh("component:default/a")
    settling = asyncio.create_task(desk.settle())
    await paused.seen.wait()
    await desk.registry.remove(uid_of("component:default/a"))
    assert await desk.refs() == ["component:default/b"]
    paused.on.set()
    await settling
    await desk.settle()
    assert await desk.refs() == ["component:default/a", "component:default/b"]
