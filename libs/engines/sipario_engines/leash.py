"""Ties a server's life to its parent's: run as `python leash.py PARENT COMMAND...`, it becomes COMMAND.

On Linux the kernel kills the server when the parent ends. Elsewhere a watcher process asks once a second.
A wrapper and not a preexec function, because code between fork and exec can deadlock in a threaded parent.
"""

import ctypes
import os
import signal
import sys
import time

PR_SET_PDEATHSIG = 1


def main(parent: int, command: list[str]) -> None:
    """Take the leash and become the command; never returns."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    elif os.fork() == 0:
        _watch(parent, os.getppid())
    if os.getppid() != parent:
        sys.exit("the parent ended before the server began")
    os.execv(command[0], command)  # noqa: S606 - the command is Sipario's own


def _watch(parent: int, server: int) -> None:
    while os.getppid() == server:
        try:
            os.kill(parent, 0)
        except ProcessLookupError:
            os.kill(server, signal.SIGKILL)
        time.sleep(1)
    os._exit(0)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
