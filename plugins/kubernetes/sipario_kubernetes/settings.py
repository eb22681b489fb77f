"""An entry of `catalog.providers.kubernetes`: to whom its clusters belong."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Settings:
    """What the resources have in common; empty for what they have not."""

    owner: str
    system: str = ""
    namespace: str = ""

    @classmethod
    def of(cls, entry: Mapping[str, Any]) -> Self:
        """Read an entry; raises ValueError that names the key that is wrong."""
        if not entry.get("owner"):
            raise ValueError("owner is missing: a resource belongs to somebody")
        return cls(*(str(entry.get(key) or "") for key in ("owner", "system", "namespace")))
