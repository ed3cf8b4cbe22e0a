"""Direct delivery: a WebSocket on the worker's own socket, written to by whoever has news.

Engine.IO's own path gives each connection a queue and a greenlet that empties it, and builds a
frame for each receiver. Here a frame is built once, and sent at once, without waiting, from the
greenlet that has the news; only where the kernel takes no more is the rest kept, in order, until
it does. A reader who stays behind is told so by a close code and disconnected: the catch-up will
serve it. Whoever takes nothing at all can be told nothing, and is cut off after a while.

Used under gunicorn's gevent worker; `COMMUNITY_TRANSPORT=stock` takes Engine.IO's own path.
"""

from __future__ import annotations

import base64
import hashlib
import logging
import socket
import ssl
import time
from collections import deque
from typing import Any

import gevent
from engineio.exceptions import EngineIOError, SocketIsClosedError
from engineio.packet import PING as ENGINE_PING
from engineio.packet import Packet

from community.kernel import frames

log = logging.getLogger(__name__)

HIGH_WATER = 1 << 20  # bytes that may wait for one slow reader
PATIENCE_SECONDS = 30.0  # how long it may take none of them
CHUNK = 8192
MAGIC = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # RFC 6455, 1.3


def install(server: Any) -> None:
    """Let an Engine.IO server hand its WebSockets to this module."""
    pinger = Pinger(server)

    class Wire(DirectWebSocket):
        __slots__ = ()

        def __init__(self, handler: Any, _server: Any) -> None:
            super().__init__(handler.__self__, pinger)

    server._async = {**server._async, "websocket": Wire}  # noqa: SLF001 - its table of drivers
    welcome = server.handlers["connect"]

    def connect(sid: str, environ: dict[str, Any]) -> Any:
        if "websocket" in environ.get("HTTP_UPGRADE", "").lower():
            server.sockets[sid].last_ping = None  # one pinger serves all: no greenlet for each
        return welcome(sid, environ)

    server.handlers["connect"] = connect


class _NoQueue:
    """Stands where Engine.IO keeps packets for its writer, of which there is none."""

    def put(self, _packet: object) -> None:
        """Keep nothing."""


NO_QUEUE = _NoQueue()


class Pinger:
    """Pings every connection at its time, from one greenlet."""

    def __init__(self, server: Any) -> None:
        self._interval: float = server.ping_interval
        self._due: deque[tuple[float, DirectWebSocket]] = deque()
        self._running = False

    def add(self, wire: DirectWebSocket) -> None:
        """Ping a connection one interval from now."""
        self._due.append((time.monotonic() + self._interval, wire))
        if not self._running:
            self._running = True
            gevent.spawn(self._run)

    def _run(self) -> None:
        while self._due:
            moment, wire = self._due[0]
            pause = moment - time.monotonic()
            if pause > 0:
                gevent.sleep(pause)
            self._due.popleft()
            try:
                wire.ping()
            except Exception:
                log.exception("could not ping a browser")
        self._running = False


class DirectWebSocket:
    """One connection: reads in the worker's greenlet, is written to from any."""

    __slots__ = (
        "_close_engine",
        "_drainer",
        "_raw",
        "_reader",
        "_sock",
        "_waiting",
        "_waiting_bytes",
        "engine",
        "is_open",
        "pinger",
    )

    def __init__(self, engine: Any, pinger: Pinger) -> None:
        """Serve an Engine.IO socket."""
        self.engine = engine
        self.pinger = pinger
        self.is_open = False
        self._waiting: deque[bytes] | None = None  # seldom is there any, and an empty one is large
        self._waiting_bytes = 0
        self._drainer: Any = None  # the greenlet that sends what waits

    def __call__(self, environ: dict[str, Any], _start_response: object) -> Any:
        """Shake hands and stay until the connection ends."""
        self._sock = environ["gunicorn.socket"]
        # A TLS connection can't be written to without waiting; it always has a drainer.
        self._raw = None if isinstance(self._sock, ssl.SSLSocket) else self._sock._sock  # noqa: SLF001
        self._shake_hands(environ)
        self.is_open = True
        try:
            if self.engine.connected:
                self._upgrade()
            else:
                self._adopt()
                self._listen()
        finally:
            if self.is_open:
                self._cut()
            self.engine.close(wait=False, abort=True, reason=self._reason())
            self.engine.server.sockets.pop(self.engine.sid, None)
        if self._drainer is not None:  # the close code is still on its way
            self._drainer.join()
        raise StopIteration  # gunicorn: this connection is done, nothing is to be answered

    def _shake_hands(self, environ: dict[str, Any]) -> None:
        key = environ.get("HTTP_SEC_WEBSOCKET_KEY", "").encode()
        accept = base64.b64encode(hashlib.sha1(key + MAGIC, usedforsecurity=False).digest())
        self._sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._sock.sendall(
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n"
        )
        self._reader = frames.Reader(self._receive, self.engine.server.max_http_buffer_size)

    def _reason(self) -> Any:
        return self.engine.server.reason.TRANSPORT_CLOSE

    # --- what Engine.IO calls ------------------------------------------------------------------

    def _adopt(self) -> None:
        """Take the place of the Engine.IO socket's queue, writer and ping greenlet."""
        engine = self.engine
        engine.connected = engine.upgraded = True
        engine.wire = self
        engine.send = self._send_packet
        engine.schedule_ping = self._pong
        self._close_engine = engine.close
        engine.close = self._close
        opening, engine.queue = engine.queue, NO_QUEUE
        while not opening.empty():
            self.write(frames.frame_of(opening.get(block=False)))
        self.pinger.add(self)

    def _send_packet(self, packet: Any) -> None:
        if self.engine.closed:
            raise SocketIsClosedError
        self.write(frames.frame_of(packet))

    def _pong(self) -> None:
        if self.engine.last_ping:
            self.engine.last_ping = None
            self.pinger.add(self)

    def ping(self) -> None:
        """Ask whether the browser is still there; Engine.IO closes what does not answer."""
        if self.is_open and not self.engine.closed:
            self.engine.last_ping = time.time()
            self.write(frames.frame_of(Packet(ENGINE_PING)))

    def _close(self, wait: bool = True, abort: bool = False, reason: Any = None) -> None:  # noqa: FBT001, FBT002 - Engine.IO's signature
        self._close_engine(wait=False, abort=abort, reason=reason)
        self.close(frames.NORMAL)

    # --- reading -------------------------------------------------------------------------------

    def _receive(self) -> bytes:
        try:
            received: bytes = self._sock.recv(CHUNK)
        except OSError:
            return b""
        return received

    def wait(self) -> str | bytes | None:
        """Return the next message; None at the end. Pings are answered on the way."""
        try:
            while (message := self._reader.next()) is not None:
                match message.opcode:
                    case frames.TEXT:
                        return message.payload.decode()
                    case frames.BINARY:
                        return message.payload
                    case frames.PING:
                        self.write(frames.frame(message.payload, frames.PONG))
                    case frames.CLOSE:
                        self.close(frames.NORMAL)
                        return None
        except frames.Broken as broken:
            self.close(broken.code)
        except UnicodeDecodeError:
            self.close(frames.NOT_TEXT)
        return None

    def _listen(self) -> None:
        while (received := self.wait()) is not None and self.is_open:
            try:
                self.engine.receive(Packet(encoded_packet=received))
            except (ValueError, EngineIOError):
                self.close(frames.PROTOCOL_ERROR)
                return
            except Exception:
                log.exception("could not act on a message")
                return

    # --- writing -------------------------------------------------------------------------------

    def send(self, message: str | bytes) -> None:
        """Send one message: for the upgrade from polling, which goes Engine.IO's own way."""
        if isinstance(message, str):
            self.write(frames.frame(message.encode()))
        else:
            self.write(frames.frame(message, frames.BINARY))

    def write(self, ready: bytes) -> None:
        """Send a frame now, as far as the kernel takes it; keep the rest in order."""
        if not self.is_open:
            return
        if not self._waiting and self._raw is not None:
            try:
                sent = self._raw.send(ready)
            except BlockingIOError:
                sent = 0
            except OSError:
                self._cut()
                return
            if sent == len(ready):
                return
            ready = ready[sent:]
        self._keep(ready)

    def _keep(self, ready: bytes) -> None:
        self._waiting = self._waiting if self._waiting is not None else deque()
        self._waiting.append(ready)
        self._waiting_bytes += len(ready)
        if self._waiting_bytes > HIGH_WATER:
            log.info("a reader stayed behind and was disconnected")
            self.close(frames.TRY_AGAIN_LATER)
        elif self._drainer is None:
            self._drainer = gevent.spawn(self._drain)

    def _drain(self) -> None:
        try:
            while self._waiting:
                with gevent.Timeout(PATIENCE_SECONDS, TimeoutError):
                    self._sock.sendall(self._waiting[0])
                if self._waiting:
                    self._waiting_bytes -= len(self._waiting.popleft())
        except OSError:  # gone, or too slow: TimeoutError is one of them
            self._cut()
        finally:
            self._drainer = None
        if not self.is_open:
            self._cut()

    def close(self, code: int = frames.NORMAL) -> None:
        """End the connection with a code; only a frame that may have been begun goes before it."""
        if not self.is_open:
            return
        while self._waiting and len(self._waiting) > 1:
            self._waiting.pop()
        self._waiting_bytes = 0  # what is left has a time, and needs no bound
        self.write(frames.close_frame(code))
        self.is_open = False
        if not self._waiting:
            self._cut()

    def _cut(self) -> None:
        """End the connection now; the reading greenlet wakes up and cleans up."""
        self.is_open = False
        self._waiting = None
        self._waiting_bytes = 0
        try:
            self._sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            log.debug("the connection was gone already")

    def _upgrade(self) -> None:
        """Take over from polling: Engine.IO's own way, over this connection."""
        self.engine._websocket_handler(self)  # noqa: SLF001 - what would have been called
