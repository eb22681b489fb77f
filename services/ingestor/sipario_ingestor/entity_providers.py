"""The entries of `catalog.providers` that plugins make providers of: each is a source that is read on its schedule."""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from itertools import islice
from threading import Thread
from typing import Any, TypeVar

import structlog
from sipario_events import RepositoryChanged
from sipario_kit.schedule import Schedule
from sipario_plugin import Extensions, Making, Provider, Surroundings, Unreadable
from sipario_scm import HostUnavailable, ScmError

from sipario_ingestor.found import FoundTree
from sipario_ingestor.providers import is_discovery
from sipario_ingestor.source import PROVIDER, Address

MOST_FOUND = 500_000

T = TypeVar("T")
log = structlog.get_logger(__name__)


class ProviderUnusable(ScmError):
    """A provider that gives nothing, and would not give more if it were asked again soon."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """One entry; without a provider, `wrong` tells why there is none."""

    provider: Provider | None
    schedule: Schedule
    wrong: str = ""


class EntityProviders:
    """All of them by the ids of their sources; made once, at the start."""

    def __init__(
        self, configured: Mapping[str, Any], extensions: Extensions, surroundings: Surroundings
    ) -> None:
        self._surroundings = surroundings
        self._busy: set[str] = set()
        self._entries = dict(self._made(configured, dict(extensions.providers)))

    def addresses(self) -> list[Address]:
        """Return what is to be read."""
        return [Address(id_) for id_ in self._entries]

    def schedule(self, id_: str) -> Schedule:
        """Return when a provider is read."""
        return self._entries[id_].schedule

    def hearing(self, fact: RepositoryChanged) -> list[str]:
        """Return the ids of those that want to be read again because of something that was heard."""
        return [id_ for id_, entry in self._entries.items() if _hears(id_, entry.provider, fact)]

    async def read(self, id_: str) -> FoundTree:
        """Ask a provider for all there is; raises ScmError when it does not give all."""
        entry = self._entries.get(id_)
        if entry is None or entry.provider is None:
            raise ProviderUnusable(entry.wrong if entry else f"{id_} is not configured any more")
        if id_ in self._busy:
            raise HostUnavailable("it was asked before, and has not answered yet")
        provider, seconds = entry.provider, entry.schedule.timeout
        self._busy.add(id_)
        answer = on_a_thread(lambda: _everything(provider), id_)
        answer.add_done_callback(lambda _: self._busy.discard(id_))
        try:
            # (Not wait_for: under Python 3.11 it may swallow the cancellation that ends us.)
            async with asyncio.timeout(seconds):
                return await asyncio.wrap_future(answer)
        except TimeoutError as error:
            raise HostUnavailable(
                f"did not give everything within {seconds:g} seconds; see schedule.timeout"
            ) from error

    def _made(
        self, configured: Mapping[str, Any], makings: Mapping[str, Making]
    ) -> Iterator[tuple[str, _Entry]]:
        for key, entries in configured.items():
            making = makings.get(key)
            if making is None and is_discovery(key):
                continue
            for name, entry in _named(entries):
                made = self._entry(key, name, entry, making)
                if made:
                    yield f"{PROVIDER}{key}/{name}", made

    def _entry(self, key: str, name: str, entry: Any, making: Making | None) -> _Entry | None:
        """Make one; None when the entry asks for no entities. What is wrong with it is told on its source."""
        if making is None:
            return _Entry(None, Schedule(), f"no plugin that works reads catalog.providers.{key}")
        if not isinstance(entry, Mapping):
            return _Entry(
                None, Schedule(), f"catalog.providers.{key}.{name}: an object with keys is expected"
            )
        try:
            provider = making(name, entry, self._surroundings)
            schedule = Schedule.of(entry.get("schedule"), provider.seconds) if provider else Schedule()
        except ValueError as error:
            return _Entry(None, Schedule(), f"catalog.providers.{key}.{name}: {error}")
        except Exception as error:
            # The edge to a plugin: the others are still made.
            log.exception("provider not made", provider=f"{key}/{name}")
            return _Entry(None, Schedule(), f"catalog.providers.{key}.{name}: {_reason(error)}")
        return _Entry(provider, schedule) if provider else None


def _named(entries: Any) -> Iterator[tuple[str, Any]]:
    """Give entries their names; a single one has none, and those of a list may have an `id`."""
    if isinstance(entries, list):
        for index, entry in enumerate(entries):
            yield (str(entry.get("id") or index) if isinstance(entry, Mapping) else str(index)), entry
    elif isinstance(entries, Mapping) and _are_several(entries):
        for name, entry in entries.items():
            yield str(name), entry
    elif entries is not None:
        yield (str(entries.get("id") or "default") if isinstance(entries, Mapping) else "default"), entries


def _are_several(entries: Mapping[str, Any]) -> bool:
    return "schedule" not in entries and all(isinstance(each, Mapping) for each in entries.values())


def on_a_thread(work: Callable[[], T], name: str) -> Future[T]:
    """Start work that may never end, on a thread that nobody waits for at the end."""
    future: Future[T] = Future()

    def run() -> None:
        if not future.set_running_or_notify_cancel():
            return
        try:
            found = work()
        except BaseException as error:  # noqa: BLE001 - raised again by who waits
            future.set_exception(error)
        else:
            future.set_result(found)

    Thread(target=run, name=name, daemon=True).start()
    return future


def _everything(provider: Provider) -> FoundTree:
    """Read a provider to its end; raises ScmError."""
    try:
        found = list(islice(provider.read(), MOST_FOUND + 1))
        if len(found) > MOST_FOUND:
            raise ProviderUnusable(f"gives more than {MOST_FOUND} entities and files")
        return FoundTree(found)
    except Unreadable as error:
        raise (HostUnavailable if error.later else ProviderUnusable)(str(error)) from error
    except ProviderUnusable:
        raise
    except Exception as error:
        # The edge to a plugin: its source says so, and what was there stays.
        log.exception("provider failed")
        raise HostUnavailable(_reason(error)) from error


def _hears(id_: str, provider: Provider | None, fact: RepositoryChanged) -> bool:
    if provider is None or provider.hears is None:
        return False
    try:
        return provider.hears(fact.change, fact.model_dump())
    except Exception:
        # The edge to a plugin: it is read when it is its time.
        log.exception("provider does not hear", provider=id_)
        return False


def _reason(error: Exception) -> str:
    return f"failed: {type(error).__name__}: {error}"
