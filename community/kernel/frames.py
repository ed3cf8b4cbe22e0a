"""WebSocket frames (RFC 6455): written once for many receivers, read strictly from one sender."""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0x0, 0x1, 0x2, 0x8, 0x9, 0xA

NORMAL, GOING_AWAY, PROTOCOL_ERROR, NOT_TEXT, TOO_BIG = 1000, 1001, 1002, 1007, 1009
TRY_AGAIN_LATER = 1013
SHORT, MEDIUM = 126, 127
LONGEST_CONTROL = 125


class Broken(Exception):
    """The peer does not keep to the protocol; `code` is what it is told."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


def frame(payload: bytes, opcode: int = TEXT) -> bytes:
    """Return one whole frame as a server sends it: unmasked, in one piece."""
    size = len(payload)
    if size < SHORT:
        return bytes((0x80 | opcode, size)) + payload
    if size < 1 << 16:
        return struct.pack("!BBH", 0x80 | opcode, SHORT, size) + payload
    return struct.pack("!BBQ", 0x80 | opcode, MEDIUM, size) + payload


def close_frame(code: int) -> bytes:
    """Return the frame that ends a connection with a code."""
    return frame(struct.pack("!H", code), CLOSE)


def frame_of(packet: Any) -> bytes:
    """Return an Engine.IO packet as a frame, built once however many receive it."""
    ready: bytes | None = packet.__dict__.get("frame")
    if ready is None:
        encoded = packet.encode()
        is_text = isinstance(encoded, str)
        ready = frame(encoded.encode()) if is_text else frame(bytes(encoded), BINARY)
        packet.frame = ready
    return ready


@dataclass(frozen=True, slots=True)
class Message:
    """What a peer sent: a text, bytes, or a control frame's payload."""

    opcode: int
    payload: bytes


class Reader:
    """Puts frames together into messages."""

    __slots__ = ("_buffer", "_longest", "_opcode", "_parts", "_receive")

    def __init__(self, receive: Callable[[], bytes], longest: int) -> None:
        """Read from a peer.

        Args:
            receive: returns the next bytes; none mean the end.
            longest: bytes that one message may have, over all its fragments.
        """
        self._receive = receive
        self._longest = longest
        self._buffer = b""
        self._opcode = 0
        self._parts: list[bytes] = []

    def next(self) -> Message | None:
        """Return the next message or control frame; None at the end.

        A control frame may stand between the fragments of a message.

        Raises:
            Broken: the peer breaks the protocol.
        """
        while (head := self._head()) is not None:
            is_last, opcode, length = head
            payload = self._payload(length)
            if payload is None:
                return None
            if opcode >= CLOSE:
                return Message(opcode, payload)
            self._opcode = self._opcode or opcode
            self._parts.append(payload)
            if is_last:
                message = Message(self._opcode, b"".join(self._parts))
                self._opcode, self._parts = 0, []
                return message
        return None

    def _head(self) -> tuple[bool, int, int] | None:
        if not self._fill(2):
            return None
        first, second = self._buffer[0], self._buffer[1]
        if first & 0x70 or not second & 0x80:  # an extension nobody agreed on; an unmasked frame
            raise Broken(PROTOCOL_ERROR)
        is_last, opcode, length = bool(first & 0x80), first & 0x0F, second & 0x7F
        self._check_place(opcode, length, is_last=is_last)
        size = 2 + {SHORT: 2, MEDIUM: 8}.get(length, 0)
        if not self._fill(size):
            return None
        if length >= SHORT:
            length = int.from_bytes(self._buffer[2:size], "big")
        if length + sum(map(len, self._parts)) > self._longest:
            raise Broken(TOO_BIG)
        self._buffer = self._buffer[size:]
        return is_last, opcode, length

    def _check_place(self, opcode: int, length: int, *, is_last: bool) -> None:
        if opcode >= CLOSE:
            if opcode > PONG or not is_last or length > LONGEST_CONTROL:
                raise Broken(PROTOCOL_ERROR)
        elif opcode > BINARY or (opcode == CONTINUATION) is not bool(self._opcode):
            raise Broken(PROTOCOL_ERROR)

    def _payload(self, length: int) -> bytes | None:
        if not self._fill(4 + length):
            return None
        mask, masked = self._buffer[:4], self._buffer[4 : 4 + length]
        self._buffer = self._buffer[4 + length :]
        whole = (mask * (length // 4 + 1))[:length]
        plain = int.from_bytes(masked, "big") ^ int.from_bytes(whole, "big")
        return plain.to_bytes(length, "big")

    def _fill(self, size: int) -> bool:
        if len(self._buffer) >= size:
            return True
        parts, have = [self._buffer], len(self._buffer)
        while have < size:
            more = self._receive()
            if not more:
                return False
            parts.append(more)
            have += len(more)
        self._buffer = b"".join(parts)
        return True
