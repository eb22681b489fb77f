"""A walk is bounded, and what lies beyond its bound is not taken for gone."""

from sipario_events import Cause
from sipario_ingestor.found import FoundTree
from sipario_ingestor.pipeline import Passage, Pipeline
from sipario_ingestor.plan import spoilt
from sipario_ingestor.processing import Context
from sipario_ingestor.rules import PROVIDED
from sipario_ingestor.walk import Walk
from sipario_plugin import Found

GOOD = b"apiVersion: backstage.io/v1alpha1\nkind: Resource\nmetadata: {name: r}\nspec: {type: t, owner: o}\n"


def walked(most_files: int) -> Walk:
    """Walk over three files that declare the same."""
    tree = FoundTree(Found(f"https://x/{name}.yaml", content=GOOD) for name in "abc")
    passage = Passage(Pipeline(), lambda reference, inside: b"", watch=lambda url: None)  # noqa: ARG005
    walk = Walk(tree, lambda _: None, {}, most_files=most_files)
    for path in tree.files:
        context = Context("here", tree, path, (tree.origin(path),), PROVIDED, Cause(), passage)
        walk.start(path, context)
    list(walk.run())
    return walk


def test_files_beyond_the_bound_are_told_and_what_they_declared_is_kept() -> None:
    walk = walked(1)
    assert list(walk.entities) == ["resource:default/r"]
    assert [(each.path, each.message) for each in walk.problems] == [
        ("https/x/b.yaml", "more than 1 files: this one is not read"),
        ("https/x/c.yaml", "more than 1 files: this one is not read"),
    ]
    spoils = spoilt(walk.problems, {"resource:default/old"})
    assert spoils.about("resource:default/old", "url:https://x/c.yaml")
    assert not spoils.about("resource:default/r", "url:https://x/a.yaml")
