"""Telling hooks in the background: signed, in order for each repository, once."""

import asyncio
import hashlib
import hmac
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

import httpx2
import structlog

from sipario_forge.hooks import Hook, Hooks, Message, Outcome
from sipario_forge.registry import Hosted

_TIMEOUT_SECONDS = 10
_DRAIN_SECONDS = 3
_REMEMBERED_ANSWER = 2_000

Step = Callable[[], Awaitable[None]]
_log = structlog.get_logger("forge")


class Lanes:
    """Queues by key: steps with the same key run one after the other, those with different keys side by side."""

    def __init__(self) -> None:
        self._waiting: dict[object, list[Step]] = {}
        self._running: set[asyncio.Task[None]] = set()

    def put(self, key: object, step: Step) -> None:
        """Add a step at the end of a lane, from the loop's own thread."""
        if key in self._waiting:
            self._waiting[key].append(step)
            return
        self._waiting[key] = [step]
        task = asyncio.get_running_loop().create_task(self._run(key))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _run(self, key: object) -> None:
        while steps := self._waiting[key]:
            await steps[0]()
            steps.pop(0)
        del self._waiting[key]

    async def stop(self, seconds: float) -> None:
        """Wait for what is under way, but not longer than this."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while self._running:
                    await asyncio.wait(self._running)
        for task in self._running:
            task.cancel()


@dataclass(frozen=True)
class Notice:
    """Something that happened in a repository, and how to put it into words when its turn comes."""

    hosted: Hosted
    event: str
    message: Callable[[], Message]


class Courier:
    """Carries messages to hooks while it runs; a message that nobody takes is remembered, not repeated."""

    def __init__(self, hooks: Hooks, client: Callable[[], httpx2.AsyncClient] | None = None) -> None:
        self._hooks = hooks
        self._make_client = client or (lambda: httpx2.AsyncClient(timeout=_TIMEOUT_SECONDS, trust_env=False))
        self._lanes = Lanes()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._client: httpx2.AsyncClient | None = None

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Deliver until the block ends."""
        async with self._make_client() as self._client:
            self._loop = asyncio.get_running_loop()
            try:
                yield
            finally:
                self._loop = None
                await self._lanes.stop(_DRAIN_SECONDS)

    def announce(self, notice: Notice) -> None:
        """Tell whoever hears of this event, soon; may be called from any thread."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._lanes.put, notice.hosted.id, lambda: self._address(notice))

    def send(self, hook: Hook, message: Message, *, guid: str = "") -> None:
        """Tell one hook, soon; a given delivery id makes it a redelivery. May be called from any thread."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._enqueue, hook, message, guid)

    async def _address(self, notice: Notice) -> None:
        hearing = await asyncio.to_thread(self._hooks.hearing, notice.hosted, notice.event)
        if hearing:
            message = await asyncio.to_thread(notice.message)
            for hook in hearing:
                self._lanes.put((notice.hosted.id, hook.id), self._delivery(hook, message, ""))

    def _enqueue(self, hook: Hook, message: Message, guid: str) -> None:
        self._lanes.put((None, hook.id), self._delivery(hook, message, guid))

    def _delivery(self, hook: Hook, message: Message, guid: str) -> Step:
        async def deliver() -> None:
            delivery = guid or str(uuid.uuid4())
            outcome = await self._attempt(hook, delivery, message)
            if outcome.status_code == 0:
                _log.warning(
                    "a hook could not be told", url=hook.url, about=message.event, why=outcome.response
                )
            await asyncio.to_thread(self._hooks.delivered, hook, delivery, message, outcome, again=bool(guid))

        return deliver

    async def _attempt(self, hook: Hook, delivery: str, message: Message) -> Outcome:
        assert self._client is not None
        started = time.monotonic()
        try:
            async with asyncio.timeout(_TIMEOUT_SECONDS):
                answer = await self._client.post(
                    hook.url, content=message.body, headers=headers(hook, delivery, message)
                )
        except (httpx2.HTTPError, httpx2.InvalidURL, TimeoutError) as error:
            why = f"{type(error).__name__}: {error}"
            return Outcome(0, "failed to connect", time.monotonic() - started, why[:_REMEMBERED_ANSWER])
        text = answer.text[:_REMEMBERED_ANSWER]
        return Outcome(answer.status_code, answer.reason_phrase, time.monotonic() - started, text)


def headers(hook: Hook, delivery: str, message: Message) -> dict[str, str]:
    """Return the headers that GitHub sends; the signature is over the body's very bytes."""
    sent = {
        "Content-Type": "application/json",
        "User-Agent": "Sipario-Forge-Hookshot",
        "X-GitHub-Event": message.event,
        "X-GitHub-Delivery": delivery,
        "X-GitHub-Hook-ID": str(hook.id),
    }
    if hook.secret:
        digest = hmac.new(hook.secret.encode(), message.body, hashlib.sha256).hexdigest()
        sent["X-Hub-Signature-256"] = f"sha256={digest}"
    return sent
