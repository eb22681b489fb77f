"""The demo's guest: anybody who comes over loopback, when the gateway is told to let them in."""

import ipaddress
from urllib.parse import urlsplit

from sipario_kit.errors import NotAllowed
from starlette.requests import Request

from sipario_gateway.session import Person

GUEST = Person("user:default/guest", "Guest")


def guest(request: Request, public_host: str) -> Person:
    """Let the guest in; raises `NotAllowed` for who does not come directly over loopback.

    What came through a proxy carries one of its headers, and its own address is not the caller's. What asks for
    another host's page was sent here by a name that somebody else gave this machine's address.
    """
    host = request.client.host if request.client else ""
    proxied = any(name in request.headers for name in ("x-forwarded-for", "forwarded", "x-real-ip"))
    if proxied or not _loopback(host) or not _ours(request.headers.get("host", ""), public_host):
        raise NotAllowed("The guest may only come over loopback.")
    return GUEST


def _ours(asked: str, public_host: str) -> bool:
    try:
        name = urlsplit(f"//{asked}").hostname or ""
    except ValueError:
        return False
    return asked == public_host or name == "localhost" or _loopback(name)


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
