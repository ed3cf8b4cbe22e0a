"""Many readers with open pages: plain WebSockets that count frames."""

from __future__ import annotations

import http.client
import json
import selectors
import socket
import time
from typing import Any, NamedTuple
from urllib.parse import urlsplit

SOCKETS_A_READER = 20
FRAME_HEAD = 2  # bytes, where a message is short


def fetch(address: str, path: str) -> tuple[Any, str]:
    """Ask for a page of JSON; return it, and the cookie that came with it."""
    connection = http.client.HTTPConnection(address, timeout=60)
    connection.request("GET", path)
    answer = connection.getresponse()
    body = answer.read()
    assert answer.status == 200, (path, answer.status, body[:200])
    connection.close()
    return json.loads(body), (answer.getheader("Set-Cookie") or "").partition(";")[0]


class Connected(NamedTuple):
    """A page's socket, what `watch` answered, and what has come behind the answer."""

    wire: socket.socket
    answer: dict[str, Any]
    rest: bytes


class Readers:
    """Many open pages that watch the first thread of the first space."""

    def __init__(self, address: str, count: int) -> None:
        self.address, self.count = address, count
        self.sockets: list[socket.socket] = []
        self.rests: dict[int, bytes] = {}
        self.selector = selectors.DefaultSelector()
        for reader in range(-(-count // SOCKETS_A_READER)):
            body, cookie = fetch(address, f"/bench/sign-in/{reader}")
            for _ in range(min(SOCKETS_A_READER, count - len(self.sockets))):
                page = connect(address, cookie, body["csrf"])
                self.sockets.append(page.wire)
                self.rests[page.wire.fileno()] = page.rest
        for one in self.sockets:
            one.setblocking(False)
            self.selector.register(one, selectors.EVENT_READ)
        self.collect(time.monotonic() + 2.0)

    def collect(self, until: float, *, since: float = 0.0, wanted: int = 0) -> list[float]:
        """Read what comes until a moment; return for each event how long after `since`."""
        late: list[float] = []
        while (left := until - time.monotonic()) > 0:
            for key, _ in self.selector.select(left):
                one = self.sockets_by(key.fd)
                events = self._read(one)
                late += [time.monotonic() - since] * events
            if wanted and len(late) >= wanted:
                break
        return late

    def sockets_by(self, fd: int) -> socket.socket:
        """Return the socket of a file number."""
        found = self.selector.get_key(fd).fileobj
        assert isinstance(found, socket.socket)
        return found

    def _read(self, one: socket.socket) -> int:
        data = self.rests[one.fileno()] + one.recv(1 << 18)
        events = at = 0
        while len(data) - at >= 2:
            size, head = data[at + 1] & 127, 2
            if size == 126:
                size, head = int.from_bytes(data[at + 2 : at + 4], "big"), 4
            if len(data) - at < head + size:
                break
            start = data[at + head : at + head + 11]
            events += start == b'42["event",'
            if start[:1] == b"2" and size == 1:
                one.send(_masked(b"3"))
            at += head + size
        self.rests[one.fileno()] = data[at:]
        return events

    def close(self) -> None:
        """Close all pages."""
        for one in self.sockets:
            one.close()


def connect(address: str, cookie: str, csrf: str, *, after: int | None = None) -> Connected:
    """Open the socket of one page, and watch the first thread of the first space.

    Args:
        address: host and port of the server.
        cookie: of the page's reader.
        csrf: the token in the page.
        after: the number up to which the page is fresh, to be told what it missed.
    """
    where = urlsplit(f"//{address}")
    one = socket.create_connection((where.hostname or "", where.port or 0), timeout=30)
    one.sendall(
        f"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: {address}\r\n"
        f"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        f"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nCookie: {cookie}\r\n\r\n".encode()
    )
    place = {"space": 1, "thread": 1, "after": after}
    _, _, rest = _until(one, b"", b"\r\n\r\n")
    _opened, rest = _message(one, rest)
    one.sendall(_masked(b"40" + json.dumps({"csrf": csrf}).encode()))
    welcome, rest = _message(one, rest)
    assert welcome.startswith(b"40{"), welcome
    one.sendall(_masked(b"420" + json.dumps(["watch", place]).encode()))
    answer, rest = _message(one, rest)
    while not answer.startswith(b"430["):  # others come and go meanwhile
        answer, rest = _message(one, rest)
    (said,) = json.loads(answer[3:])
    assert said["ok"], said
    return Connected(one, said, rest)


def _until(one: socket.socket, seen: bytes, wanted: bytes) -> tuple[bytes, bytes, bytes]:
    while wanted not in seen:
        seen += _more(one)
    return seen.partition(wanted)


def _message(one: socket.socket, seen: bytes) -> tuple[bytes, bytes]:
    """Return the next text frame of a server, and what came behind it."""
    while len(seen) < FRAME_HEAD:
        seen += _more(one)
    size, head = seen[1] & 127, 2
    if size >= 126:
        head = 4 if size == 126 else 10
        while len(seen) < head:
            seen += _more(one)
        size = int.from_bytes(seen[2:head], "big")
    while len(seen) < head + size:
        seen += _more(one)
    return seen[head : head + size], seen[head + size :]


def _more(one: socket.socket) -> bytes:
    found = one.recv(1 << 16)
    assert found, "the server closed the connection"
    return found


def _masked(payload: bytes) -> bytes:
    """Return a text frame as a browser sends it; a mask of zeros is a mask."""
    size = len(payload)
    head = bytes((0x81, 0x80 | size)) if size < 126 else b"\x81\xfe" + size.to_bytes(2, "big")
    return head + b"\0\0\0\0" + payload
