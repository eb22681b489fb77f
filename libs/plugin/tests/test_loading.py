import sys
from collections.abc import Iterator
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest
from sipario_plugin import AlreadyTaken, Extensions, Named, Processor, load
from sipario_plugin.loading import GROUP


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    sys.path.insert(0, str(tmp_path))
    yield tmp_path
    sys.path.remove(str(tmp_path))


def plugin(folder: Path, name: str, text: str) -> EntryPoint:
    (folder / f"a_plugin_{name}.py").write_text(text)
    return EntryPoint(name, f"a_plugin_{name}:register", GROUP)


ADDS = "from sipario_plugin import Processor\ndef register(portal):\n    portal.processors.add('{}', Processor())\n"


def test_plugins_register_in_the_order_of_their_names(folder: Path) -> None:
    found = load([plugin(folder, name, ADDS.format(name)) for name in ("second", "first")])
    assert [name for name, _ in found.extensions.processors] == ["first", "second"]
    assert list(found.plugins) == ["first", "second"]
    assert not found.failed


def test_a_taken_name_names_both(folder: Path) -> None:
    found = load([plugin(folder, name, ADDS.format("same")) for name in ("a", "b")])
    assert found.failed == {"b": "AlreadyTaken: processor 'same': b wants it, a has it"}
    assert list(found.plugins) == ["a"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("import nowhere_to_be_found", "ModuleNotFoundError: No module named 'nowhere_to_be_found'"),
        ("1 +", "SyntaxError: invalid syntax"),
        ("x = 1", "AttributeError: module 'a_plugin_bad' has no attribute 'register'"),
        (ADDS.format("half") + "    raise OSError('no disk')\n", "OSError: no disk"),
    ],
)
def test_a_plugin_that_fails_is_named_and_adds_nothing(folder: Path, text: str, reason: str) -> None:
    sys.modules.pop("a_plugin_bad", None)
    found = load([plugin(folder, "bad", text), plugin(folder, "good", ADDS.format("good"))])
    assert found.failed["bad"].startswith(reason)
    assert [name for name, _ in found.extensions.processors] == ["good"]


def test_what_was_there_before_stays(folder: Path) -> None:
    own = Extensions().drafted("sipario")
    own.placeholders.add("text", lambda reference: reference.read())
    takes = "def register(portal):\n    portal.placeholders.add('text', str)\n"
    found = load([plugin(folder, "taker", takes)], own)
    assert found.failed == {"taker": "AlreadyTaken: placeholder 'text': taker wants it, sipario has it"}
    assert len(found.extensions.placeholders) == 1


def test_a_draft_counts_only_where_it_was_made() -> None:
    point: Named[Processor] = Named("processor", "a")
    point.drafted("b").add("x", Processor())
    assert len(point) == 0
    point.add("x", Processor())
    with pytest.raises(AlreadyTaken, match="a wants it, a has it"):
        point.add("x", Processor())
