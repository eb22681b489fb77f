"""Reads URLs that people wrote: only where configuration allows, and never further than that."""

import fnmatch
import re
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, unquote, urlsplit

import httpx2

from sipario_scm.errors import AccessDenied, FileMissing, FileRefused, HostUnavailable, UrlRefused
from sipario_scm.hosts import Host, Target
from sipario_scm.public import Resolve, proxied, public_addresses, resolved
from sipario_scm.silence import Silence

LARGEST_BYTES = 5_000_000
SECONDS = 10.0
CONNECT_SECONDS = 4.0

_FILES: Mapping[str, tuple[str, str]] = {
    "github": ("{api}/repos{path}/contents/{file}?ref={ref}", "application/vnd.github.raw"),
    "gitlab": ("{api}/projects/{whole}/repository/files/{flat}/raw?ref={ref}", "*/*"),
    "gitea": ("{api}/repos{path}/raw/{file}?ref={ref}", "*/*"),
    "bitbucketCloud": ("{api}/repositories{path}/src/{ref}/{file}", "*/*"),
    "bitbucketServer": ("{api}{path}/raw/{file}?at={ref}", "*/*"),
}


@dataclass(frozen=True, slots=True)
class Allowed:
    """One entry of `backend.reading.allow`: a host, perhaps `*.domain` or with a port, and path prefixes."""

    host: str
    paths: tuple[str, ...] = ()

    @classmethod
    def of(cls, entry: Mapping[str, Any]) -> "Allowed":
        """Read an entry of the configuration."""
        return cls(str(entry.get("host", "")).lower(), tuple(map(str, entry.get("paths") or ())))

    def fits(self, host: str, path: str) -> bool:
        """Tell whether a host and a path, free of tricks, are meant."""
        named = host == self.host or (self.host.startswith("*.") and fnmatch.fnmatchcase(host, self.host))
        return bool(self.host) and named and (not self.paths or path.startswith(self.paths))


@dataclass(slots=True)
class SafeFetcher:
    """Fetches a file with limits of size and time, without redirects. Blocking; for any thread.

    What did not answer is not asked again for a while. A name that is only allowed as one of `*.domain` must lead
    to public addresses, and those that were checked are connected to; behind a proxy, the proxy finds the address.
    """

    allowed: Sequence[Allowed] = ()
    transport: httpx2.BaseTransport | None = None
    resolve: Resolve = resolved
    _silence: Silence = field(default_factory=Silence)

    def permits(self, url: str) -> bool:
        """Tell whether configuration allows to read a URL."""
        return permitted(url, self.allowed)

    def url(self, url: str) -> bytes:
        """Read a URL of `backend.reading.allow`; raises UrlRefused, FileMissing, FileRefused, HostUnavailable."""
        if not self.permits(url):
            raise UrlRefused(
                f"reading from {_host_of(url) or url[:100]} is not allowed; see backend.reading.allow"
            )
        if self._is_named(url) or proxied(url):
            return self._got(url, {})
        with self._silence.asking(_host_of(url), url):
            addresses = public_addresses(url, self.resolve)
        return self._got(url, {}, addresses)

    def _is_named(self, url: str) -> bool:
        """Tell whether configuration spells out the host: then any address of it is meant."""
        host = urlsplit(url).hostname
        return any(host == each.host.partition(":")[0] for each in self.allowed)

    def file(self, host: Host, target: Target) -> bytes:
        """Read one file of a repository through its host's API, without cloning."""
        template, accept = _FILES[host.type]
        path = target.repository.removeprefix(host.url)
        address = template.format(
            api=host.api,
            path=path,
            whole=quote(path.strip("/"), safe=""),
            file=quote(target.path),
            flat=quote(target.path, safe=""),
            ref=quote(target.ref or "HEAD", safe=""),
        )
        return self._got(address, {"accept": accept, **host.login(target.repository).headers()})

    def _got(self, url: str, headers: Mapping[str, str], addresses: Sequence[str] = ()) -> bytes:
        """Read from one of the addresses, or, without any, from wherever the name leads."""
        limits = httpx2.Timeout(SECONDS, connect=CONNECT_SECONDS)
        with (
            self._silence.asking(_host_of(url), url),
            httpx2.Client(
                timeout=limits, transport=self.transport, follow_redirects=False, trust_env=not addresses
            ) as client,
        ):
            for address in addresses[:-1]:
                try:
                    return _answer(client, url, headers, address)
                except (httpx2.ConnectError, httpx2.ConnectTimeout):
                    continue
            return _answer(client, url, headers, addresses[-1] if addresses else "")


def serves_files(host: Host) -> bool:
    """Tell whether single files of this kind of host can be read without cloning."""
    return host.type in _FILES


def permitted(url: str, allowed: Iterable[Allowed]) -> bool:
    """Tell whether one of these entries allows to read a URL; no for text that is no URL."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    if parts.scheme not in ("http", "https") or parts.username is not None or not parts.hostname:
        return False
    path = unquote(parts.path) or "/"
    if re.search(r"(^|/)\.\.?(/|$)|[\\\x00-\x20%]", path):
        return False
    return any(each.fits(_host_of(url), path) for each in allowed)


def _answer(client: httpx2.Client, url: str, headers: Mapping[str, str], address: str) -> bytes:
    """Ask; with an address, that one is connected to, while TLS and HTTP speak of the name."""
    target, told, extensions = httpx2.URL(url), dict(headers), {}
    if address:
        told["host"] = target.netloc.decode()
        extensions["sni_hostname"] = target.host
        target = target.copy_with(host=address)
    with client.stream("GET", target, headers=told, extensions=extensions) as response:
        _judge(response, _host_of(url))
        return _read(response)


def _judge(response: httpx2.Response, host: str) -> None:
    status = response.status_code
    if status == 404:
        raise FileMissing(f"{host} has no such file")
    if status in (401, 403):
        raise AccessDenied(f"{host} does not let this token read it")
    if 300 <= status < 400:
        raise UrlRefused(f"{host} sends elsewhere, which is not followed: give the final address")
    if status != 200:
        raise HostUnavailable(f"{host} answers {status}")


def _read(response: httpx2.Response) -> bytes:
    end = time.monotonic() + SECONDS
    chunks: list[bytes] = []
    size = 0
    for chunk in response.iter_bytes():
        size += len(chunk)
        if size > LARGEST_BYTES:
            raise FileRefused(f"it has more than {LARGEST_BYTES / 1e6:g} MB")
        if time.monotonic() > end:
            raise httpx2.ReadTimeout(f"it took more than {SECONDS:g} s")
        chunks.append(chunk)
    return b"".join(chunks)


def _host_of(url: str) -> str:
    try:
        parts = urlsplit(url)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return ""
    return f"{(parts.hostname or '').lower()}{port}"
