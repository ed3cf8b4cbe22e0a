"""Keep-alive connections that ask for one page again and again: cheap, so that the server counts.

The standard library's client costs as much as a fast page. This one sends the same bytes each time
and reads of the answer no more than its status and its length.
"""

from __future__ import annotations

import selectors
import socket
import statistics
import time
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from benchmarks.serving import Served

HEAD_END, LENGTH = b"\r\n\r\n", b"\r\ncontent-length:"


@dataclass
class Figures:
    """What was measured of one page: seconds of each answer, in all, and of the processor."""

    latencies: list[float] = field(default_factory=list)
    seconds: float = 0.0
    cpu: float = 0.0
    size: int = 0

    @property
    def a_second(self) -> float:
        """Answers a second."""
        return len(self.latencies) / self.seconds

    @property
    def cpu_ms(self) -> float:
        """Milliseconds of the server's processor for one answer."""
        return self.cpu / len(self.latencies) * 1e3

    @property
    def p50(self) -> float:
        """Milliseconds within which half of the answers came."""
        return statistics.median(self.latencies) * 1e3

    @property
    def p95(self) -> float:
        """Milliseconds within which 95 of 100 answers came."""
        return statistics.quantiles(self.latencies, n=20)[18] * 1e3


@dataclass
class _Asking:
    connection: socket.socket
    sent: float = 0.0
    seen: bytes = b""


def request_for(address: str, path: str, headers: dict[str, str]) -> bytes:
    """Return the bytes that ask for a page."""
    lines = [f"GET {path} HTTP/1.1", f"Host: {address}", *(f"{k}: {v}" for k, v in headers.items())]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def press(
    server: Served, request: bytes, *, clients: int, seconds: float, figures: Figures
) -> None:
    """Ask over as many connections for some seconds, each as soon as it has its answer.

    Raises:
        RuntimeError: an answer was not 200.
    """
    where = urlsplit(f"//{server.address}")
    selector = selectors.DefaultSelector()
    cpu, begun = server.cpu, time.perf_counter()
    for _ in range(clients):
        asking = _Asking(socket.create_connection((where.hostname or "", where.port or 0), 30))
        selector.register(asking.connection, selectors.EVENT_READ, asking)
        _send(asking, request)
    open_ = clients
    while open_:
        for key, _ in selector.select(30):
            asking = key.data
            asking.seen += asking.connection.recv(1 << 18)
            if not (size := _whole(asking.seen)):
                continue
            now = time.perf_counter()
            figures.latencies.append(now - asking.sent)
            figures.size = size
            if now - begun < seconds:
                _send(asking, request)
                continue
            selector.unregister(asking.connection)
            asking.connection.close()
            open_ -= 1
    figures.seconds += time.perf_counter() - begun
    figures.cpu += server.cpu - cpu


def _send(asking: _Asking, request: bytes) -> None:
    asking.seen, asking.sent = b"", time.perf_counter()
    asking.connection.sendall(request)


def _whole(seen: bytes) -> int:
    """Return the length of the body once all of an answer is there, else 0."""
    head, end, body = seen.partition(HEAD_END)
    if not end:
        return 0
    if not head.startswith(b"HTTP/1.1 200"):
        raise RuntimeError(seen[:300])
    length = int(head.lower().partition(LENGTH)[2].partition(b"\r\n")[0])
    return length or 1 if len(body) >= length else 0
