"""Which addresses a host name leads to, and whether they are public ones."""

import ipaddress
import socket
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from ipaddress import IPv4Address, IPv6Address
from urllib.parse import urlsplit

from sipario_scm.errors import UrlRefused

Resolve = Callable[[str, int], Sequence[str]]

_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_MOST = 4


def resolved(host: str, port: int) -> list[str]:
    """Ask the system for the addresses of a name, the best first. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(each[4][0]) for each in found))[:_MOST]


def public_addresses(url: str, resolve: Resolve = resolved) -> list[str]:
    """Return the addresses of a URL's host; raises UrlRefused when one of them is not public, and OSError.

    To connect to these very addresses, and not to the name once more, is what makes the check count.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    found = list(resolve(host, parts.port or {"http": 80}.get(parts.scheme, 443)))
    if not found:
        raise OSError(f"{host} has no address")
    for address in found:
        if not all(_is_public(each) for each in _meant(ipaddress.ip_address(address.partition("%")[0]))):
            raise UrlRefused(f"{host} leads to the address {address}, which is not a public one")
    return found


def proxied(url: str) -> bool:
    """Tell whether the environment sends such requests through a proxy, which then resolves the name."""
    parts = urlsplit(url)
    proxies = urllib.request.getproxies()
    named = parts.scheme in proxies or "all" in proxies
    return named and not urllib.request.proxy_bypass(parts.hostname or "")


def _meant(address: IPv4Address | IPv6Address) -> Iterator[IPv4Address | IPv6Address]:
    """Return the address, and the one of version 4 that it carries."""
    yield address
    if isinstance(address, IPv6Address):
        if address in _NAT64:
            yield IPv4Address(int(address) & 0xFFFFFFFF)
        if address.sixtofour:
            yield address.sixtofour
        if address.teredo:
            yield from address.teredo


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    return address.is_global and not address.is_multicast
