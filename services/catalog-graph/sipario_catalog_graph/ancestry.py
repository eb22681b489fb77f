"""Where entities come from: Locations that point at the files of others."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urljoin

from sipario_model.annotations import MANAGED_BY_LOCATION


class Ancestry:
    """Which Location entities point at which files, and which file each entity was read from."""

    def __init__(self) -> None:
        self._pointing: dict[str, set[str]] = defaultdict(set)
        self._targets: dict[str, set[str]] = {}

    def replace(self, ref: str, entity: Mapping[str, Any]) -> None:
        """Hear of an entity as it is now; empty: it is gone. Only Locations are remembered."""
        if ref not in self._targets and not ref.startswith("location:"):
            return
        for target in self._targets.pop(ref, ()):
            self._pointing[target].discard(ref)
            if not self._pointing[target]:
                del self._pointing[target]
        if targets := set(targets_of(entity)):
            self._targets[ref] = targets
            for target in targets:
                self._pointing[target].add(ref)

    def parents(self, ref: str, entity: Mapping[str, Any]) -> list[str]:
        """The Locations that point at the file that an entity was read from."""
        return sorted(self._pointing.get(location_of(entity), set()) - {ref})


def location_of(entity: Mapping[str, Any]) -> str:
    """The location, `type:target`, that an entity was read from; empty when it does not tell."""
    annotations = entity.get("metadata", {}).get("annotations") or {}
    return str(annotations.get(MANAGED_BY_LOCATION, ""))


def targets_of(entity: Mapping[str, Any]) -> Iterator[str]:
    """The locations that a Location entity points at; relative ones are seen from its own file."""
    spec = entity.get("spec") or {}
    here, _, base = location_of(entity).partition(":")
    kind = spec.get("type") or here
    for target in (spec.get("target"), *(spec.get("targets") or ())):
        if isinstance(target, str) and target:
            yield f"{kind}:{urljoin(base, target)}"
