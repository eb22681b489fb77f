"""What the gateway's own endpoints answer: the UI's types are made from it."""

from typing import Literal

from pydantic import BaseModel

from sipario_gateway.session import Person


class SessionUser(BaseModel):
    """Who is signed in; texts are empty where nothing is known."""

    ref: str
    displayName: str  # noqa: N815 - as Backstage spells it
    email: str
    picture: str


class SessionAnswer(BaseModel):
    """`user` is null for nobody."""

    user: SessionUser | None


class SignInProvider(BaseModel):
    """A way to sign in."""

    id: str
    title: str
    type: Literal["guest", "oidc"]


class Providers(BaseModel):
    """All ways to sign in."""

    providers: list[SignInProvider]


class ServiceHealth(BaseModel):
    """How a service is: ready or why not, what each projection has yet to apply, how many messages were parked."""

    ready: bool
    reason: str = ""
    lag: dict[str, int] = {}
    parked: int = 0


def shown(person: Person) -> SessionUser:
    """Tell a person as the UI knows them."""
    return SessionUser(
        ref=person.ref, displayName=person.display_name, email=person.email, picture=person.picture
    )
