"""WebSocket frames, as browsers send them and as nobody should."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

from community.kernel import frames
from community.kernel.frames import Broken, Message, Reader

MASK = b"\x0f\xa0\x33\x7e"


def sent(
    payload: bytes, opcode: int = frames.TEXT, *, last: bool = True, masked: bool = True
) -> bytes:
    """Return a frame as a browser sends it."""
    size, mask = len(payload), MASK if masked else b""
    flag = 0x80 if masked else 0
    if size < 126:
        head = bytes((opcode | 0x80 * last, flag | size))
    elif size < 1 << 16:
        head = bytes((opcode | 0x80 * last, flag | 126)) + size.to_bytes(2, "big")
    else:
        head = bytes((opcode | 0x80 * last, flag | 127)) + size.to_bytes(8, "big")
    hidden = bytes(byte ^ MASK[place % 4] for place, byte in enumerate(payload))
    return head + mask + (hidden if masked else payload)


def reading(data: bytes, *, at_once: int = 1 << 20, longest: int = 64_000) -> Reader:
    """Return a reader of bytes that arrive in pieces."""
    pieces: Iterator[bytes] = iter(
        [data[start : start + at_once] for start in range(0, len(data), at_once)]
    )
    return Reader(lambda: next(pieces, b""), longest)


@pytest.mark.parametrize("size", [0, 1, 125, 126, 127, 65_535, 65_536, 70_000])
@pytest.mark.parametrize("at_once", [1, 7, 1 << 20])
def test_a_message_of_any_length_arrives_whole_however_it_is_cut(size: int, at_once: int) -> None:
    payload = random.Random(size).randbytes(size)  # noqa: S311
    reader = reading(sent(payload, frames.BINARY), at_once=at_once, longest=100_000)
    assert reader.next() == Message(frames.BINARY, payload)
    assert reader.next() is None


def test_fragments_are_put_together_and_a_ping_between_them_is_seen_at_once() -> None:
    data = (
        sent(b"one ", last=False)
        + sent(b"?", frames.PING)
        + sent(b"two ", frames.CONTINUATION, last=False)
        + sent(b"three", frames.CONTINUATION)
        + sent(b"next")
    )
    reader = reading(data)
    assert [reader.next(), reader.next(), reader.next(), reader.next()] == [
        Message(frames.PING, b"?"),
        Message(frames.TEXT, b"one two three"),
        Message(frames.TEXT, b"next"),
        None,
    ]


@pytest.mark.parametrize(
    "data",
    [
        sent(b"not masked", masked=False),
        sent(b"nothing to continue", frames.CONTINUATION),
        sent(b"one", last=False) + sent(b"another"),
        sent(b"", 0x3),
        sent(b"", 0xB),
        sent(b"ping in parts", frames.PING, last=False),
        sent(b"x" * 126, frames.PING),
        bytes((0x80 | 0x40 | frames.TEXT, 0x80)) + MASK,
    ],
)
def test_whoever_breaks_the_protocol_is_told_so(data: bytes) -> None:
    with pytest.raises(Broken) as told:
        list(iter(reading(data).next, None))
    assert told.value.code == frames.PROTOCOL_ERROR


@pytest.mark.parametrize(
    "data",
    [
        sent(b"x" * 1_001),
        sent(b"x" * 600, last=False) + sent(b"x" * 600, frames.CONTINUATION),
        bytes((0x82, 0x80 | 127)) + (1 << 62).to_bytes(8, "big"),
    ],
)
def test_a_message_over_the_measure_is_refused_before_it_is_read(data: bytes) -> None:
    with pytest.raises(Broken) as told:
        reading(data, longest=1_000).next()
    assert told.value.code == frames.TOO_BIG


@pytest.mark.parametrize("cut", [1, 2, 5, 8])
def test_an_end_in_the_middle_is_the_end(cut: int) -> None:
    assert reading(sent(b"hello")[:cut]).next() is None


def test_chance_bytes_never_do_worse_than_being_refused() -> None:
    chance = random.Random(4)  # noqa: S311
    for _ in range(2_000):
        reader = reading(chance.randbytes(chance.randrange(1, 200)))
        try:
            while reader.next() is not None:
                pass
        except Broken:
            pass


@pytest.mark.parametrize("size", [0, 125, 126, 65_535, 65_536])
def test_a_frame_of_ours_says_its_own_length(size: int) -> None:
    made = frames.frame(b"y" * size)
    masked = sent(b"y" * size)
    assert len(made) == len(masked) - 4, "the same head, without a mask"
    assert made[0] == masked[0]
    assert made[1] == masked[1] & 0x7F
