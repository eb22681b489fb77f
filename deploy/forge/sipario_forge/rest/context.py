"""What every REST endpoint stands on."""

from dataclasses import dataclass

from fastapi import Request

from sipario_forge.access import Access
from sipario_forge.courier import Courier
from sipario_forge.hooks import Hooks
from sipario_forge.host import Host
from sipario_forge.payloads import Payloads
from sipario_forge.pulls import PullTable
from sipario_forge.registry import Hosted
from sipario_forge.shapes import Shapes


@dataclass(frozen=True)
class Context:
    """The forge's parts, and the two questions that every endpoint asks first."""

    host: Host
    access: Access
    shapes: Shapes
    hooks: Hooks
    pulls: PullTable
    payloads: Payloads
    courier: Courier

    def readable(self, request: Request, owner: str, name: str) -> Hosted:
        """Find a repository for somebody who wants to read it; raises NotFound."""
        hosted = self.host.registry.find(owner, name)
        self.access.reader_of(hosted, request.headers)
        return hosted

    def writable(self, request: Request, owner: str, name: str) -> tuple[Hosted, str]:
        """Find a repository for somebody who wants to change it, and say who that is."""
        actor = self.access.writer(request.headers)
        return self.host.registry.find(owner, name), actor
