"""Sees from afar whether repositories, and files of the web, are as they were."""

import asyncio
from collections.abc import Iterable, Mapping
from hashlib import sha256

import structlog

from sipario_scm.choice import Heads
from sipario_scm.errors import FileMissing, FileRefused, RepositoryMissing, ScmError
from sipario_scm.fetcher import SafeFetcher
from sipario_scm.hosts import Host, Hosts
from sipario_scm.mirrors import Mirrors

AT_A_TIME = 4
GONE = ""

log = structlog.get_logger(__name__)


class Lookout:
    """Asks a few hosts at a time. After a start, whatever text is taken from is new to it."""

    def __init__(self, mirrors: Mirrors, hosts: Hosts, fetcher: SafeFetcher) -> None:
        self._mirrors = mirrors
        self._hosts = hosts
        self._fetcher = fetcher
        self._seen: dict[str, str] = {}
        self._turn = asyncio.Semaphore(AT_A_TIME)

    async def heads(self, host: Host, repository: str) -> Heads:
        """Return the heads of a repository; raises ScmError."""
        async with self._turn:
            return await asyncio.to_thread(self._mirrors.of(host, repository).heads)

    async def moved(self, addresses: Iterable[str]) -> dict[str, str]:
        """Return those of these repositories and URLs that are not as they were; `keep` wants what is returned."""
        wanted = list(addresses)
        self._seen = {address: self._seen[address] for address in wanted if address in self._seen}
        found = await asyncio.gather(*map(self._look_at, wanted))
        return {
            address: seen
            for address, seen in zip(wanted, found, strict=True)
            if seen is not None and self._seen.get(address) != seen
        }

    def keep(self, moved: Mapping[str, str]) -> None:
        """Remember how these are, once whoever takes text from there was asked for."""
        self._seen |= moved

    async def _look_at(self, address: str) -> str | None:
        """Return what differs when something there does; None when it can't be seen now."""
        host = self._hosts.of(address)
        try:
            if host:
                heads = await self.heads(host, address)
                return sha256(repr(sorted(heads.refs.items())).encode()).hexdigest()
            async with self._turn:
                return sha256(await asyncio.to_thread(self._fetcher.url, address)).hexdigest()
        except (FileMissing, FileRefused, RepositoryMissing):
            return GONE
        except ScmError as error:
            log.info("text not seen", address=address, reason=str(error))
            return None
