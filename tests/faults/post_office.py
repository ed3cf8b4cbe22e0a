"""A mail server on the loopback interface that keeps what it takes."""

from __future__ import annotations

import socketserver
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import cast


@dataclass
class PostOffice:
    """What has arrived, in the order in which it did."""

    port: int = 0
    letters: list[EmailMessage] = field(default_factory=list)

    @property
    def url(self) -> str:
        """What `COMMUNITY_MAIL_URL` takes."""
        return f"smtp://127.0.0.1:{self.port}"

    def by_id(self) -> Counter[str]:
        """Return how often each Message-ID has arrived."""
        return Counter(str(letter["Message-ID"]) for letter in list(self.letters))


class _Counter(socketserver.StreamRequestHandler):
    """Speaks as much of RFC 5321 as a client needs that sends letters."""

    timeout = 30

    def handle(self) -> None:
        """Talk to one client until it goes."""
        office = cast(_Hall, self.server).office
        self._say("220 ready")
        while line := self.rfile.readline(2000):
            match line[:4].upper().strip():
                case b"DATA":
                    self._say("354 go on")
                    office.letters.append(self._read())
                    self._say("250 taken")
                case b"QUIT":
                    self._say("221 bye")
                    return
                case _:
                    self._say("250 yes")

    def _say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())

    def _read(self) -> EmailMessage:
        lines = []
        while (line := self.rfile.readline()) not in {b".\r\n", b""}:
            lines.append(line.removeprefix(b"."))
        read = message_from_bytes(b"".join(lines), policy=policy.default)
        assert isinstance(read, EmailMessage)
        return read


class _Hall(socketserver.ThreadingTCPServer):
    daemon_threads = True
    office: PostOffice

    def handle_error(self, request: object, client_address: object) -> None:
        """Pass over a client that was killed in the midst of a letter."""


@contextmanager
def open_post_office() -> Iterator[PostOffice]:
    """Take letters until the block ends."""
    with _Hall(("127.0.0.1", 0), _Counter) as hall:
        hall.office = PostOffice(port=hall.server_address[1])
        serving = threading.Thread(target=hall.serve_forever, args=(0.1,))
        serving.start()
        try:
            yield hall.office
        finally:
            hall.shutdown()
            serving.join()
