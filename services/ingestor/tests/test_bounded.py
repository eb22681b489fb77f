import sys
import threading
import time

import pytest
from sipario_ingestor.bounded import Bounded, TooSlow


def fail(error: BaseException) -> None:
    raise error


def test_it_answers_and_raises_as_the_call_does() -> None:
    bounded = Bounded(5)
    assert bounded.call(lambda: 1 + 1) == 2
    with pytest.raises(KeyError, match="why"):
        bounded.call(lambda: fail(KeyError("why")))
    bounded.close()


def test_who_wishes_to_end_the_process_only_fails() -> None:
    bounded = Bounded(5)
    with pytest.raises(RuntimeError, match="SystemExit"):
        bounded.call(lambda: sys.exit(3))
    bounded.close()


def test_what_takes_too_long_is_left_alone_and_ends_by_itself() -> None:
    bounded, go, before = Bounded(0.1), threading.Event(), set(threading.enumerate())
    with pytest.raises(TooSlow, match=r"more than 0\.1 seconds"):
        bounded.call(lambda: go.wait(20))
    assert bounded.call(lambda: "next") == "next"
    go.set()
    bounded.close()
    end = time.monotonic() + 10
    while set(threading.enumerate()) - before:
        assert time.monotonic() < end
        threading.Event().wait(0.01)


def test_calls_from_several_threads_go_on_side_by_side() -> None:
    bounded, both = Bounded(10), threading.Barrier(2, timeout=5)
    threads = [threading.Thread(target=lambda: bounded.call(both.wait)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not both.broken
    bounded.close()
