"""With what name and token a host is asked."""

import base64
from dataclasses import dataclass, field

USER = "x-access-token"
"""The name that goes with a token where any name will do."""


@dataclass(frozen=True, slots=True)
class Login:
    """A token, and the names that go with it: `git_user` over Git, `user` over the API if that wants one (`basic`)."""

    token: str = field(default="", repr=False)
    user: str = USER
    git_user: str = USER
    basic: bool = False

    def headers(self) -> dict[str, str]:
        """Return what a request of the API carries; nothing without a token."""
        if not self.token:
            return {}
        if not self.basic:
            return {"authorization": f"Bearer {self.token}"}
        pair = base64.b64encode(f"{self.user}:{self.token}".encode()).decode()
        return {"authorization": f"Basic {pair}"}
