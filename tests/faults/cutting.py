"""A line between browsers and a server that breaks off while the answer is on its way."""

from __future__ import annotations

import contextlib
import random
import socket
import struct
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

RESET = struct.pack("ii", 1, 0)
SECONDS = 20


@dataclass
class Line:
    """Where the line begins, how often it breaks, and how often it has broken."""

    port: int
    server_port: int
    chance: random.Random
    share: float = 0.4
    cut: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def address(self) -> str:
        """Where browsers find it."""
        return f"127.0.0.1:{self.port}"

    def carry(self, browser: socket.socket) -> None:
        """Carry one exchange: the whole request, and of the answer all, a part or nothing."""
        with browser, contextlib.suppress(OSError):
            browser.settimeout(SECONDS)
            with socket.create_connection(("127.0.0.1", self.server_port), SECONDS) as server:
                asking = threading.Thread(target=_ask, args=(browser, server))
                asking.start()
                try:
                    self._answer(browser, server)
                finally:
                    _hang_up(browser)
                    _hang_up(server)
                    asking.join()

    def _answer(self, browser: socket.socket, server: socket.socket) -> None:
        first = server.recv(65536)
        with self.lock:
            breaks = self.chance.random() < self.share
            part = self.chance.randrange(2) * len(first) // 2
            self.cut += breaks
        if breaks:  # the server has answered, so what it was asked for is done
            browser.sendall(first[:part])
            browser.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            return
        browser.sendall(first)
        _pump(server, browser)


def _ask(browser: socket.socket, server: socket.socket) -> None:
    _pump(browser, server)
    _hang_up(server)  # nobody waits for the answer any more


def _pump(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while said := source.recv(65536):
            target.sendall(said)


def _hang_up(end: socket.socket) -> None:
    with contextlib.suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)


@contextlib.contextmanager
def cutting_line(server_port: int, *, seed: int) -> Iterator[Line]:
    """Give a line to a server, until the block ends."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        line = Line(door.getsockname()[1], server_port, random.Random(seed))  # noqa: S311
        carriers: list[threading.Thread] = []

        def listen() -> None:
            with contextlib.suppress(OSError):
                while True:
                    browser, _from = door.accept()
                    carriers.append(threading.Thread(target=line.carry, args=(browser,)))
                    carriers[-1].start()

        listening = threading.Thread(target=listen)
        listening.start()
        try:
            yield line
        finally:
            _hang_up(door)
            listening.join()
            for each in carriers:
                each.join()
