"""What becomes of entities that nothing declares any more: `catalog.orphanStrategy` and what belongs to it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from sipario_kit.schedule import duration


@dataclass(frozen=True, slots=True)
class OrphanStrategy:
    """`grace` is how many seconds an orphan stays, marked as one; None means for ever.

    With `keep_providers`, what a provider brought that is not configured any more stays, and is read on.
    """

    grace: float | None = 0.0
    keep_providers: bool = False

    @classmethod
    def of(cls, catalog: Mapping[str, Any]) -> Self:
        """Read the section `catalog`; raises ValueError that names the key."""
        keeps = _keeps(catalog, "orphanStrategy")
        grace = duration(catalog.get("orphanGrace") or {"seconds": 0}, "catalog.orphanGrace", least=0.0)
        return cls(None if keeps else grace, _keeps(catalog, "orphanProviderStrategy"))

    @property
    def at_once(self) -> bool:
        """Tell whether there are no orphans, because they go as soon as they are ones."""
        return self.grace == 0


def _keeps(catalog: Mapping[str, Any], key: str) -> bool:
    strategy = catalog.get(key) or "delete"
    if strategy not in ("keep", "delete"):
        raise ValueError(f"catalog.{key}: keep or delete is expected, not {strategy!r}")
    return bool(strategy == "keep")


AT_ONCE = OrphanStrategy()
