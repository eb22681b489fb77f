"""Calls what others wrote, each call for some seconds at most."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, TypeVar

T = TypeVar("T")


class TooSlow(Exception):
    """A call took longer than it may; it goes on by itself, and what it returns is lost."""


@dataclass(frozen=True, slots=True)
class _Answer:
    value: Any = None
    error: BaseException | None = None


class Bounded:
    """Runs calls on threads of its own, since Python can't end a call that does not end by itself."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._idle: deque[_Hand] = deque()

    def call(self, work: Callable[[], T]) -> T:
        """Return what `work` returns, or raise what it raises; raises TooSlow. From any thread."""
        try:
            hand = self._idle.pop()
        except IndexError:
            hand = _Hand()
        answer = hand.do(work, self._seconds)
        self._idle.append(hand)
        if isinstance(answer.error, Exception):
            raise answer.error
        if answer.error is not None:  # it wished to end the process, which is not its own
            raise RuntimeError(f"it raised {type(answer.error).__name__}")
        value: T = answer.value
        return value

    def close(self) -> None:
        """End the threads that have nothing to do."""
        while self._idle:
            self._idle.pop().dismiss()


class _Hand:
    """A thread that does one thing after the other."""

    def __init__(self) -> None:
        self._work: SimpleQueue[Callable[[], Any] | None] = SimpleQueue()
        self._answers: SimpleQueue[_Answer] = SimpleQueue()
        Thread(target=self._run, name="plugin", daemon=True).start()

    def do(self, work: Callable[[], Any], seconds: float) -> _Answer:
        self._work.put(work)
        try:
            return self._answers.get(timeout=seconds)
        except Empty:
            self.dismiss()
            raise TooSlow(f"took more than {seconds:g} seconds") from None

    def dismiss(self) -> None:
        """End once what is being done is done."""
        self._work.put(None)

    def _run(self) -> None:
        while (work := self._work.get()) is not None:
            try:
                answer = _Answer(work())
            except BaseException as error:  # noqa: BLE001 - the edge to a plugin: raised again by who waits
                answer = _Answer(error=error)
            self._answers.put(answer)
            del work, answer
