"""The two cookies that the gateway sets."""

from dataclasses import asdict

from itsdangerous import BadData, URLSafeTimedSerializer
from sipario_kit.errors import Unauthenticated
from starlette.requests import Request
from starlette.responses import Response

from sipario_gateway.auth.oidc import Attempt

ATTEMPT = "sipario-sign-in"
ATTEMPT_SECONDS = 600


class Cookies:
    """Reads and writes cookies: the session's id, and what is remembered while somebody is at their provider.

    Over HTTPS the session cookie is `__Host-` and `Secure`; a browser would not send such a one to plain loopback.
    """

    def __init__(self, public_url: str, key: str) -> None:
        self._secure = public_url.startswith("https://")
        self._session = "__Host-sid" if self._secure else "sid"
        self._serializer = URLSafeTimedSerializer(key, salt=ATTEMPT)

    def session_of(self, request: Request) -> str | None:
        """Read the session's id. Ids need no unquoting, and all other cookies are not looked at."""
        for pair in request.headers.get("cookie", "").split(";"):
            name, _, value = pair.strip().partition("=")
            if name == self._session:
                return value
        return None

    def begin(self, response: Response, secret: str) -> None:
        """Give the browser its session."""
        response.set_cookie(
            self._session, secret, httponly=True, secure=self._secure, samesite="lax", path="/"
        )

    def end(self, response: Response) -> None:
        """Take it back."""
        response.delete_cookie(self._session, httponly=True, secure=self._secure, samesite="lax", path="/")

    def remember(self, response: Response, attempt: Attempt) -> None:
        """Remember a sign-in on its way to the provider, signed."""
        value = self._serializer.dumps(asdict(attempt))
        response.set_cookie(
            ATTEMPT, value, max_age=ATTEMPT_SECONDS, httponly=True, secure=self._secure, samesite="lax"
        )

    def recall(self, request: Request) -> Attempt:
        """Read it when the browser comes back; raises `Unauthenticated` when there is none that is ours."""
        try:
            return Attempt(
                **self._serializer.loads(request.cookies.get(ATTEMPT, ""), max_age=ATTEMPT_SECONDS)
            )
        except (BadData, TypeError) as error:
            raise Unauthenticated("This sign-in was not begun here, or too long ago. Begin again.") from error
