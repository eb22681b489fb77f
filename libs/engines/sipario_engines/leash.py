"""Ties a server's life to its parent's: `python leash.py PARENT SLACK NICE ACCOUNT COMMAND...` becomes COMMAND.

On Linux the kernel kills the server when the parent ends. Elsewhere a watcher process asks once a second.
A wrapper and not a preexec function, because code between fork and exec can deadlock in a threaded parent.
"""

import ctypes
import os
import pwd
import signal
import sys
import time

PR_SET_PDEATHSIG = 1
PR_SET_TIMERSLACK = 29


def main(parent: int, slack: int, nice: int, account: str, command: list[str]) -> None:
    """Take the leash and become the command; never returns.

    Slack is how many nanoseconds late the kernel may wake a sleeping thread, 0 for its usual 50,000. An
    empty account keeps the present one.
    """
    os.nice(nice)
    if account:
        _become(account)
    if sys.platform == "linux":
        # After the change of account, which would take the leash off again.
        prctl = ctypes.CDLL(None).prctl
        prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        prctl(PR_SET_TIMERSLACK, ctypes.c_ulong(slack))
    elif os.fork() == 0:
        _watch(parent, os.getppid())
    if os.getppid() != parent:
        sys.exit("the parent ended before the server began")
    try:
        os.execv(command[0], command)  # noqa: S606 - the command is Sipario's own
    except OSError as error:
        sys.exit(f"{command[0]} cannot be run: {error}")


def _become(account: str) -> None:
    entry = pwd.getpwnam(account)
    os.setgroups([])
    os.setgid(entry.pw_gid)
    os.setuid(entry.pw_uid)


def _watch(parent: int, server: int) -> None:
    while os.getppid() == server:
        try:
            os.kill(parent, 0)
        except ProcessLookupError:
            os.kill(server, signal.SIGKILL)
        time.sleep(1)
    os._exit(0)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4], sys.argv[5:])
