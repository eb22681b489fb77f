import pytest
from sipario_model import Relation
from sipario_plugin import Emit, Reference, Sight, Unreadable


def test_relations_are_kept_in_their_first_direction() -> None:
    emit = Emit()
    emit.relation("Component:default/A", "dependsOn", "resource:default/b")
    emit.relation("group:default/g", "ownerOf", "component:default/a")
    assert emit.relations == [
        Relation("component:default/a", "dependsOn", "resource:default/b"),
        Relation("component:default/a", "ownedBy", "group:default/g"),
    ]


def test_a_relation_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="there is no relation likes"):
        Emit().relation("component:default/a", "likes", "component:default/b")


def test_one_hook_emits_only_so_much() -> None:
    emit = Emit()
    for _ in range(1_000):
        emit.problem("again")
    with pytest.raises(ValueError, match="at most 1000"):
        emit.problem("again")


def sight(files: dict[str, bytes], *, later: bool = False) -> Sight:
    def reads(reference: str, path: str) -> bytes:
        if reference not in files:
            raise Unreadable(f"{reference} beside {path}", later=later)
        return files[reference]

    return Sight("x/catalog-info.yaml", "url:https://x", "github", reads=reads)


def test_a_file_that_is_not_there_is_none_but_one_that_cant_be_had_now_is_told() -> None:
    assert sight({}).file("CODEOWNERS") is None
    assert sight({"CODEOWNERS": b"x"}).file("CODEOWNERS") == b"x"
    with pytest.raises(Unreadable):
        sight({}, later=True).file("CODEOWNERS")
    with pytest.raises(Unreadable, match="a beside x/catalog-info"):
        sight({}).read("a")


def test_whoever_read_something_depends_on_it() -> None:
    seen = sight({"a": b""})
    assert not seen.outward
    assert seen.once("key", lambda: 1) == seen.once("key", lambda: 2) == 1
    assert seen.outward


def test_nothing_is_read_after_the_end() -> None:
    seen = sight({"a": b"x"})
    seen.close()
    with pytest.raises(Unreadable, match="time is over"):
        seen.read("a")


@pytest.mark.parametrize(
    ("address", "relative", "joined"),
    [
        ("api/openapi.yaml", "../b.yaml", "b.yaml"),
        ("openapi.yaml", "b/c.yaml", "b/c.yaml"),
        ("../x.yaml", "y.yaml", "../y.yaml"),
        ("https://x.io/a/b.yaml", "../c.yaml", "https://x.io/c.yaml"),
        ("a/b.yaml", "https://x.io/c.yaml", "https://x.io/c.yaml"),
    ],
)
def test_beside_is_in_the_same_folder(address: str, relative: str, joined: str) -> None:
    assert Reference(address, str.encode).beside(relative).read() == joined.encode()
