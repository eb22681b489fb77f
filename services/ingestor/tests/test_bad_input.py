"""What the issue lists as bad input, one by one: a message where a person looks, and everything else unharmed."""

import shutil
from typing import Any

import pytest
from sipario_ingestor.aside import Aside
from sipario_ingestor.reading import Reading
from sipario_ingestor.recorder import Recorder
from sipario_ingestor.source import Address
from sipario_ledger.clock import now

GOOD = (
    "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {name: %s}\n"
    "spec: {type: service, lifecycle: production, owner: team-a}\n"
)
BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join(['*' + chr(97 + n)] * 9)}]\n" for n in range(20)
)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("kind: [Component", "bad.yaml:"),
        ("\tkind: Component", "bad.yaml:1"),
        (GOOD.replace("Component", "Spaceship") % "x", "No processor recognized"),
        (GOOD.replace("type: service", "type: 7") % "x", "type"),
        (GOOD % "'not a name'", "is not valid"),
        (GOOD % "x" + "kind: Component\n", "bad.yaml:5"),
        (GOOD.replace("owner", "lifecycle") % "x", "bad.yaml:4"),
        ("apiVersion: backstage.io/v1alpha1\n" + BOMB, "alias"),
        ("# apiVersion\n" + "x" * 10_000_000, "MB"),
        ("- a\n- b\n", "Expected object at root"),
        ("just text", "Expected object at root"),
        ("\x00\x01", "not allowed"),
        ("[" * 200, "deep"),
        ("a: !!python/object/apply:os.system ['id']", "tag"),
        (
            GOOD.replace("backstage.io/v1alpha1", "backstage.io/v7") % "x",
            "bad.yaml:1: No processor recognized",
        ),
        (
            GOOD.replace("backstage.io/v1alpha1", "not a version") % "x",
            'bad.yaml:1: "apiVersion" is not valid',
        ),
        (GOOD.replace("backstage.io/v1alpha1", "1.0") % "x", "bad.yaml:1: /apiVersion must be string"),
    ],
)
async def test_a_bad_file_is_told_with_file_and_line(desk: Any, host: Any, text: str, said: str) -> None:
    location = (
        "apiVersion: backstage.io/v1alpha1\nkind: Location\nmetadata: {name: all}\n"
        "spec: {targets: [./good.yaml, ./bad.yaml]}\n"
    )
    files = {"catalog-info.yaml": location, "good.yaml": GOOD % "good", "bad.yaml": text}
    host.push("shop", files)
    await desk.register(f"{host.url}/shop")
    assert await desk.refs() == ["component:default/good", "location:default/all"]
    problems = await desk.problems("shop")
    assert any(said.lower() in problem.lower() for problem in problems), problems
    assert all(problem.startswith("bad.yaml:") for problem in problems)
    assert (await desk.source("shop")).state == "failed"


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "---\n---\n", "null\n"])
async def test_an_emptied_file_is_told_and_declares_nothing(desk: Any, host: Any, text: str) -> None:
    host.push("shop", {"catalog-info.yaml": GOOD % "a"})
    await desk.register(f"{host.url}/shop")
    assert await desk.refs() == ["component:default/a"]
    host.push("shop", {"catalog-info.yaml": text})
    await desk.look()
    assert await desk.problems("shop") == [
        "catalog-info.yaml:1: catalog-info.yaml is empty: it declares no entity"
    ]
    assert await desk.refs() == []
    assert (await desk.source("shop")).state == "ok"


@pytest.mark.parametrize(
    ("type_", "said"),
    [
        ("ftp", "there is no location type ftp; there are url, file"),
        ("file", "a location of type file can't be read from here"),
    ],
)
async def test_a_location_of_another_type_names_those_that_are_known(
    desk: Any, host: Any, type_: str, said: str
) -> None:
    location = "apiVersion: backstage.io/v1alpha1\nkind: Location\nmetadata: {name: all}\n"
    host.push("shop", {"catalog-info.yaml": location + f"spec: {{type: {type_}, target: ./a.yaml}}\n"})
    await desk.register(f"{host.url}/shop")
    (problem,) = (await desk.source("shop")).problems
    assert said in problem.message
    assert (problem.path, problem.line, problem.field) == ("catalog-info.yaml", 1, "spec.type")
    (entity,) = (await desk.entities()).values()
    assert said in entity.status[0].message


async def test_a_symbolic_link_is_not_followed(desk: Any, host: Any) -> None:
    location = "apiVersion: backstage.io/v1alpha1\nkind: Location\nmetadata: {name: all}\nspec: {targets: [./l.yaml]}\n"
    host.push("shop", {"catalog-info.yaml": location}, links={"l.yaml": "/etc/passwd"})
    await desk.register(f"{host.url}/shop")
    assert any("symbolic link" in problem for problem in await desk.problems("shop"))
    assert await desk.refs() == ["location:default/all"]


async def test_an_entity_file_that_became_a_link_keeps_its_entity_and_says_why(desk: Any, host: Any) -> None:
    host.push("shop", {"catalog-info.yaml": GOOD % "a"})
    await desk.register(f"{host.url}/shop")
    host.push("shop", {"README.md": "#"}, links={"catalog-info.yaml": "/etc/passwd"})
    await desk.look()
    assert "is a symbolic link; put the file itself there" in (await desk.problems("shop"))[0]
    (entity,) = (await desk.entities()).values()
    assert "symbolic link" in entity.status[0].message


@pytest.mark.parametrize("target", ["../../etc/passwd", "/../x.yaml", "./../../x.yaml", "file:///etc/passwd"])
async def test_nothing_outside_the_repository_is_read(desk: Any, host: Any, target: str) -> None:
    location = (
        "apiVersion: backstage.io/v1alpha1\nkind: Location\nmetadata: {name: all}\n"
        f"spec: {{targets: ['{target}']}}\n"
    )
    host.push("shop", {"catalog-info.yaml": location})
    await desk.register(f"{host.url}/shop")
    assert await desk.refs() == ["location:default/all"]
    assert len(await desk.problems("shop")) == 1


async def test_an_empty_repository_is_told_and_read_once_it_is_not(desk: Any, host: Any) -> None:
    host.push("shop", {}, branch="main")
    host.drop("shop")
    await desk.register(f"{host.url}/shop")
    assert "empty" in (await desk.problems("shop"))[0]
    host.push("shop", {"catalog-info.yaml": GOOD % "a"})
    await desk.look()
    assert await desk.refs() == ["component:default/a"]


async def test_a_branch_that_vanished_prunes_nothing(desk: Any, host: Any) -> None:
    host.push("shop", {"x.yaml": GOOD % "a"}, branch="release")
    host.push("shop", {"README.md": ""})
    await desk.register(f"{host.url}/shop/blob/release/x.yaml")
    assert await desk.refs() == ["component:default/a"]
    host.drop("shop", "release")
    await desk.look()
    assert await desk.refs() == ["component:default/a"]
    assert "no branch 'release' any more" in (await desk.problems("shop"))[0]


async def test_a_host_that_is_down_prunes_nothing_and_is_asked_again(desk: Any, host: Any) -> None:
    host.push("shop", {"catalog-info.yaml": GOOD % "a"})
    await desk.register(f"{host.url}/shop")
    shutil.move(host.folder / "shop", host.folder / "away")
    await desk.look()
    assert await desk.refs() == ["component:default/a"]
    assert (await desk.source("shop")).state == "failed"
    shutil.move(host.folder / "away", host.folder / "shop")
    host.push("shop", {"catalog-info.yaml": GOOD % "b"})
    await desk.look()
    assert await desk.refs() == ["component:default/b"]
    assert (await desk.source("shop")).state == "ok"


async def test_a_host_that_is_back_is_no_longer_complained_of(desk: Any, host: Any) -> None:
    host.push("shop", {"catalog-info.yaml": GOOD % "a"})
    await desk.register(f"{host.url}/shop")
    shutil.move(host.folder / "shop", host.folder / "away")
    await desk.look()
    assert (await desk.source("shop")).state == "failed"
    shutil.move(host.folder / "away", host.folder / "shop")
    await desk.look()
    assert (await desk.source("shop")).state == "ok"
    assert await desk.problems("shop") == []


class BrokenRecorder(Recorder):
    """Fails at what it cannot be expected to fail at."""

    async def record(self, *_: Any, **__: Any) -> Any:
        raise RuntimeError("a mistake of ours")


async def test_whatever_goes_wrong_with_a_source_is_told_on_it_and_tried_again_later(
    desk: Any, host: Any
) -> None:
    desk.reading = Reading(
        desk.store,
        Aside(desk.reader),
        BrokenRecorder(desk.ledger, desk.store),
        configuration=desk.configuration,
        kinds=desk.kinds,
        clock=now,
    )
    host.push("shop", {"catalog-info.yaml": GOOD % "a"})
    await desk.register(f"{host.url}/shop")
    source = await desk.source("shop")
    assert (source.state, source.tries) == ("failed", 1)
    assert source.due_at > source.read_at
    assert await desk.problems("shop") == ["a mistake of ours"]


async def test_one_source_without_a_repository_does_not_keep_the_others_waiting(desk: Any) -> None:
    def add(table: Any) -> None:
        for name in ("file:/one", "file:/two"):
            table.add(Address(name, path=name), "configuration")

    await desk.store.write(add)
    assert (await desk.store.read(lambda table: table.due(("file:/one",)))).id == "file:/two"
    assert await desk.store.read(lambda table: table.due(("file:/one", "file:/two"))) is None


async def test_locations_that_target_each_other_end(desk: Any, host: Any) -> None:
    def location(name: str, target: str) -> str:
        return (
            f"apiVersion: backstage.io/v1alpha1\nkind: Location\nmetadata: {{name: {name}}}\n"
            f"spec: {{targets: ['{target}']}}\n"
        )

    host.push("one", {"catalog-info.yaml": location("one", f"{host.url}/two/blob/main/catalog-info.yaml")})
    host.push("two", {"catalog-info.yaml": location("two", f"{host.url}/one/blob/main/catalog-info.yaml")})
    await desk.register(f"{host.url}/one")
    assert await desk.refs() == ["location:default/one", "location:default/two"]


async def test_an_entity_that_no_message_holds_keeps_its_last_good_version(desk: Any, host: Any) -> None:
    api = (
        "apiVersion: backstage.io/v1alpha1\nkind: API\nmetadata: {name: wide}\n"
        "spec: {type: openapi, lifecycle: production, owner: team-a, definition: {$text: ./api.txt}}\n"
    )
    for size in (1_000, 9_000_000):
        host.push("shop", {"catalog-info.yaml": api, "api.txt": "x" * size})
        await desk.register(f"{host.url}/shop") if size == 1_000 else await desk.look()
    (event,) = (await desk.entities()).values()
    assert event.entity["spec"]["definition"] == "x" * 1_000
    (problem,) = await desk.problems("shop")
    assert problem.startswith("catalog-info.yaml:1: api:default/wide is larger than 7 MB")
    assert [each.message for each in event.status] == [problem.partition(": ")[2]]
