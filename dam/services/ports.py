"""Free ports on the loopback interface."""

import random
import socket

LOOPBACK = "127.0.0.1"
CANDIDATES = range(21000, 29000)
"""Below the range that Linux and macOS hand out for outgoing connections, so a port stays ours."""


def is_free(port: int) -> bool:
    """True when a server could listen on this port of the loopback interface now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
            probe.listen()
        except OSError:
            return False
    return True


def free_port(preferred: int | None = None) -> int:
    """The preferred port when it is free, else another one. Raises OSError when all are taken."""
    if preferred and is_free(preferred):
        return preferred
    for port in random.sample(CANDIDATES, len(CANDIDATES)):
        if is_free(port):
            return port
    raise OSError(f"No port between {CANDIDATES.start} and {CANDIDATES.stop} is free.")
