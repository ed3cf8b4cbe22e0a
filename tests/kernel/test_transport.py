"""Direct delivery: order under pressure, slow readers, the end of a connection."""

from __future__ import annotations

import socket as plain
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import gevent
import pytest
from engineio.packet import MESSAGE, Packet
from gevent import queue, socket

from community.kernel import frames, transport
from community.kernel.transport import DirectWebSocket, Pinger


class Engine:
    """What the transport needs of an Engine.IO socket, and what it was told."""

    def __init__(self, ping_interval: float) -> None:
        reason = SimpleNamespace(TRANSPORT_CLOSE="transport close")
        self.server = SimpleNamespace(
            max_http_buffer_size=64_000, sockets={}, reason=reason, ping_interval=ping_interval
        )
        self.sid, self.connected, self.closed = "sid", False, False
        self.last_ping: float | None = None
        self.queue: Any = queue.JoinableQueue()
        self.queue.put(Packet(MESSAGE, "opening"))
        self.received: list[Any] = []
        self.closings = 0

    def receive(self, packet: Any) -> None:
        """Take a packet from the browser."""
        self.received.append(packet.data)

    def close(self, *, wait: bool, abort: bool, reason: object) -> None:
        """Be closed."""
        self.closed = True
        self.closings += 1


class Line:
    """A connection: the server's end, and the browser's."""

    def __init__(self, *, small: bool = False, ping_interval: float = 3600) -> None:
        ours, self.browser = socket.socketpair()
        if small:
            ours.setsockopt(plain.SOL_SOCKET, plain.SO_SNDBUF, 4096)
            self.browser.setsockopt(plain.SOL_SOCKET, plain.SO_RCVBUF, 4096)
        self.engine = Engine(ping_interval)
        self.wire = DirectWebSocket(self.engine, Pinger(self.engine.server))
        self.ours = ours
        environ = {
            "gunicorn.socket": _NoDelayIgnored(ours),
            "HTTP_SEC_WEBSOCKET_KEY": "dGhlIHNhbXBsZSBub25jZQ==",
        }
        self.serving = gevent.spawn(self._serve, environ)
        head = b""
        while b"\r\n\r\n" not in head:
            head += self.browser.recv(1)
        self.head = head

    def _serve(self, environ: dict[str, Any]) -> str:
        try:
            self.wire(environ, None)
        except StopIteration:
            return "ended"
        return "went on"

    def read(self, size: int, timeout: float = 5.0) -> bytes:
        """Read exactly that much as the browser."""
        data = b""
        with gevent.Timeout(timeout):
            while len(data) < size:
                more = self.browser.recv(size - len(data))
                if not more:
                    break
                data += more
        return data

    def close(self) -> None:
        """End it all."""
        self.browser.close()
        self.serving.join(5)
        self.ours.close()


class _NoDelayIgnored:
    """A socket pair knows no TCP options."""

    def __init__(self, real: Any) -> None:
        self._real = real

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    def setsockopt(self, *_: object) -> None:
        """Ignore it."""


@pytest.fixture
def line() -> Iterator[Line]:
    made = Line()
    yield made
    made.close()


@pytest.fixture
def pinged_line() -> Iterator[Line]:
    made = Line(ping_interval=0.05)
    yield made
    made.close()


@pytest.fixture
def thin_line() -> Iterator[Line]:
    made = Line(small=True)
    yield made
    made.close()


OPENING = frames.frame(b"4opening")


def test_the_handshake_answers_as_the_standard_says(line: Line) -> None:
    assert line.head.startswith(b"HTTP/1.1 101 ")
    assert b"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=" in line.head
    assert b"Extensions" not in line.head
    assert line.read(len(OPENING)) == OPENING, "what was waiting comes first"


def test_a_packet_is_framed_once_for_all() -> None:
    packet = Packet(MESSAGE, "news")
    assert frames.frame_of(packet) is frames.frame_of(packet)
    assert frames.frame_of(packet) == frames.frame(b"4news")


def test_order_holds_while_a_reader_is_slow(thin_line: Line) -> None:
    thin_line.read(len(OPENING))
    sent = [frames.frame(f"{number:06} ".encode() + b"x" * (number % 700)) for number in range(900)]

    def write(some: list[bytes]) -> None:
        for each in some:
            thin_line.wire.write(each)
            gevent.sleep(0)

    writer = gevent.spawn(write, sent)
    received = thin_line.read(sum(map(len, sent)), timeout=20)
    writer.join(5)
    assert received == b"".join(sent)


def test_whoever_stays_behind_is_disconnected_and_costs_the_others_nothing(
    thin_line: Line, line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "PATIENCE_SECONDS", 0.2)
    line.read(len(OPENING))
    news = frames.frame(b"n" * 60_000)
    received = b""
    for _ in range(2 * transport.HIGH_WATER // len(news)):
        thin_line.wire.write(news)
        line.wire.write(news)
        received += line.read(len(news))
    assert not thin_line.wire.is_open
    assert thin_line.serving.get(timeout=5) == "ended"
    assert thin_line.engine.closed
    assert line.wire.is_open
    assert len(received) == 2 * transport.HIGH_WATER // len(news) * len(news)


def masked(payload: bytes, opcode: int = frames.TEXT) -> bytes:
    """Return a short frame of a browser; a mask of zeros is a mask."""
    return bytes((0x80 | opcode, 0x80 | len(payload))) + b"\0\0\0\0" + payload


def test_messages_are_taken_in_order_and_pings_answered(line: Line) -> None:
    line.read(len(OPENING))
    line.browser.sendall(masked(b"4one") + masked(b"are you there", frames.PING) + masked(b"4two"))
    assert line.read(15) == frames.frame(b"are you there", frames.PONG)
    gevent.sleep(0)
    assert line.engine.received == ["one", "two"]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (b"\x81\x03abc", frames.PROTOCOL_ERROR),
        (masked(b"\xff\xfe"), frames.NOT_TEXT),
        (b"\x81\xff" + (1 << 40).to_bytes(8, "big"), frames.TOO_BIG),
        (masked(b"nonsense"), frames.PROTOCOL_ERROR),
        (masked(b"\x03\xe8", frames.CLOSE), frames.NORMAL),
    ],
)
def test_the_end_of_a_connection_says_why(line: Line, said: bytes, code: int) -> None:
    line.read(len(OPENING))
    line.browser.sendall(said)
    assert line.read(100) == frames.close_frame(code)
    assert line.serving.get(timeout=5) == "ended"
    assert line.engine.closings == 1


def test_closing_from_the_server_wakes_the_reader(line: Line) -> None:
    line.read(len(OPENING))
    line.engine.close(wait=False, abort=True, reason="kicked")
    assert line.read(100) == frames.close_frame(frames.NORMAL)
    assert line.serving.get(timeout=5) == "ended"
    line.wire.write(frames.frame(b"4too late"))


def test_one_greenlet_pings_everybody_again_after_each_answer(pinged_line: Line) -> None:
    pinged_line.read(len(OPENING))
    ping = frames.frame(b"2")
    assert pinged_line.read(len(ping)) == ping
    engine: Any = pinged_line.engine
    assert engine.last_ping is not None
    engine.schedule_ping()
    assert engine.last_ping is None
    assert pinged_line.read(len(ping)) == ping


def stay_behind(reader: Line, news: bytes) -> None:
    for _ in range(2 * transport.HIGH_WATER // len(news)):
        reader.wire.write(news)


def test_whoever_stays_behind_is_told_so_by_a_close_code_after_whole_frames(
    thin_line: Line,
) -> None:
    news = frames.frame(b"n" * 60_000)
    stay_behind(thin_line, news)
    assert not thin_line.wire.is_open
    received = thin_line.read(10 * transport.HIGH_WATER).removeprefix(OPENING)
    last = frames.close_frame(frames.TRY_AGAIN_LATER)
    whole = len(received) // len(news)
    assert received == whole * news + last
    assert thin_line.serving.get(timeout=5) == "ended"


def test_who_is_closed_while_behind_hears_why_and_is_not_heard(thin_line: Line) -> None:
    thin_line.read(len(OPENING))
    news = frames.frame(b"n" * 60_000)
    for _ in range(5):
        thin_line.wire.write(news)
    thin_line.engine.close(wait=False, abort=True, reason="kicked")
    thin_line.browser.sendall(masked(b"4too late"))
    received = thin_line.read(10 * len(news))
    assert received == news + frames.close_frame(frames.NORMAL)
    assert thin_line.serving.get(timeout=5) == "ended"
    assert thin_line.engine.received == []
