"""Free loopback ports that stay ours while a server is down between two lives."""

import random
import socket
from pathlib import Path

HOST = "127.0.0.1"
_EPHEMERAL = Path("/proc/sys/net/ipv4/ip_local_port_range")
_LOWEST = 15_000


def free_port() -> int:
    """Return a port that nobody listens on; raises OSError when 200 random ones are all taken.

    Ports that the kernel hands to outgoing connections are avoided: a client that reconnects to a
    dead server could otherwise be given the server's own port, and the restart would fail.
    """
    for _ in range(200):
        port = random.randint(_LOWEST, _first_ephemeral() - 1)  # noqa: S311 - not a secret
        if _is_free(port):
            return port
    raise OSError("No free loopback port found in 200 tries")


def _first_ephemeral() -> int:
    try:
        first = int(_EPHEMERAL.read_text().split()[0])
    except (OSError, ValueError):
        first = 32_768
    return first if first > _LOWEST + 2_000 else 32_768


def _is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True
