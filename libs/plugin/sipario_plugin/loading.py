"""Finds the plugins that are installed and lets each register."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points

from sipario_plugin.extensions import Extensions

GROUP = "sipario.plugins"


@dataclass(frozen=True)
class Loaded:
    """What the plugins added, those that work with their versions, and why others do not."""

    extensions: Extensions
    plugins: Mapping[str, str]
    failed: Mapping[str, str]


def load(found: Iterable[EntryPoint] | None = None, extensions: Extensions | None = None) -> Loaded:
    """Let every installed plugin add to the extension points, in the order of their names.

    Of one that can't be imported, or raises while it registers, nothing is added.
    """
    points = entry_points(group=GROUP) if found is None else found
    extensions = extensions or Extensions()
    plugins: dict[str, str] = {}
    failed: dict[str, str] = {}
    for point in sorted(points, key=lambda each: each.name):
        draft = extensions.drafted(point.name)
        try:
            point.load()(draft)
        except Exception as error:  # noqa: BLE001 - the edge to a plugin: the portal starts without it
            failed[point.name] = f"{type(error).__name__}: {error}"
        else:
            extensions = draft
            plugins[point.name] = point.dist.version if point.dist else ""
    return Loaded(extensions, plugins, failed)
