"""Prints the OpenAPI document: `python -m sipario_gateway.openapi`."""

import json
import sys

from pydantic import SecretStr

from sipario_gateway.api import Lobby, api
from sipario_gateway.cookies import Cookies
from sipario_gateway.desk import Desk
from sipario_gateway.live import Live
from sipario_gateway.session import Session
from sipario_gateway.settings import Settings


class _Nobody:
    """Sessions of a gateway that only describes itself."""

    async def keep(self, fingerprint: str, session: Session) -> None:
        """Keep nothing."""

    async def use(self, fingerprint: str, seen: float) -> bool:
        """Use nothing."""
        del fingerprint, seen
        return False

    async def find(self, fingerprint: str) -> Session | None:
        """Find nothing."""

    async def end(self, fingerprint: str) -> None:
        """End nothing."""

    async def purge(self, created_before: float) -> None:
        """Purge nothing."""


async def _no_users(_query: str) -> list[dict[str, object]]:
    return []


def document() -> str:
    """The document as JSON."""
    settings = Settings(session_key=SecretStr("for a document"))
    cookies = Cookies(settings.public_url, settings.session_key.get_secret_value())
    desk = Desk(_Nobody(), settings)
    lobby = Lobby(
        desk=desk,
        cookies=cookies,
        live=Live(),
        forwards={},
        providers={},
        find_users=_no_users,
        guest=False,
        public_host="",
    )
    return json.dumps(api(lobby).openapi(), indent=1, sort_keys=True) + "\n"


if __name__ == "__main__":
    sys.stdout.write(document())
