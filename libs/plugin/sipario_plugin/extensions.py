"""All extension points of the portal."""

from dataclasses import dataclass, field
from typing import Self

from sipario_plugin.named import Named
from sipario_plugin.placeholder import Resolver
from sipario_plugin.processor import Processor
from sipario_plugin.provider import Making


@dataclass(frozen=True)
class Extensions:
    """What a plugin can add to.

    `placeholders` are by key without its `$`: `text` resolves `$text`; `providers` by their key in `catalog.providers`.
    """

    processors: Named[Processor] = field(default_factory=lambda: Named("processor"))
    placeholders: Named[Resolver] = field(default_factory=lambda: Named("placeholder"))
    providers: Named[Making] = field(default_factory=lambda: Named("provider"))

    def drafted(self, owner: str) -> Self:
        """Return a copy for a plugin to add to."""
        return type(self)(
            self.processors.drafted(owner), self.placeholders.drafted(owner), self.providers.drafted(owner)
        )
