"""Where one request ends and the next begins, nobody is in doubt: neither nginx nor the program."""

from __future__ import annotations

import re
import shutil
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from community.kernel.db import db
from tests.live_server import LiveServer, running_server
from tests.operations.proxy import adapted, running_nginx
from tests.operations.test_many_processes import wait_for
from tests.operations.test_proxy import trusting
from tests.site import free_port
from tests.stage import settings_for

Connect = Callable[[], socket.socket]

HIDDEN = b"GET /session.json HTTP/1.1\r\nHost: localhost\r\n\r\n"
CHUNKED = b"0\r\n\r\n" + HIDDEN

# After RFC 9112, 6.1 to 6.3 and 5.1: whatever leaves two readings is refused, and the line closed.
IN_DOUBT = {
    "a length and chunks": (b"Content-Length: %d\r\nTransfer-Encoding: chunked", CHUNKED),
    "two lengths": (b"Content-Length: %d\r\nContent-Length: 0", HIDDEN),
    "two lengths in one": (b"Content-Length: %d, 0", HIDDEN),
    "a length with a sign": (b"Content-Length: +%d", HIDDEN),
    "chunks under a blank": (b"Content-Length: %d\r\nTransfer-Encoding : chunked", CHUNKED),
    "chunks and something else": (b"Content-Length: %d\r\nTransfer-Encoding: chunked, x", CHUNKED),
    "chunks of a kind unknown": (b"Content-Length: %d\r\nTransfer-Encoding: xchunked", CHUNKED),
    "chunks on a folded line": (b"Content-Length: %d\r\nTransfer-Encoding:\r\n chunked", CHUNKED),
}


@pytest.fixture(scope="module")
def server(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """The program."""
    folder = tmp_path_factory.mktemp("boundaries")
    shutil.copy(sqlite_template, folder / "community.sqlite3")
    settings = settings_for(f"sqlite:///{folder / 'community.sqlite3'}", folder)
    with running_server(settings) as found:
        yield found
        with found.app.app_context():
            db.session.remove()
            db.engine.dispose()


@pytest.fixture(scope="module", params=["the program", "nginx"])
def connect(
    request: pytest.FixtureRequest, server: LiveServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Connect]:
    """How one connects to the program, or to nginx before it."""
    host, port = server.address.split(":")
    if request.param == "the program":
        yield lambda: socket.create_connection((host, int(port)), timeout=10)
        return
    folder, https = tmp_path_factory.mktemp("nginx"), free_port()
    with running_nginx(adapted(folder, http=free_port(), https=https, site=server.address)):
        wait_for(https)
        yield lambda: _secured(https)


def _secured(port: int) -> ssl.SSLSocket:
    line = socket.create_connection(("127.0.0.1", port), timeout=10)
    return trusting().wrap_socket(line)


def _answers(connect: Connect, *said: bytes) -> list[int]:
    """Return the statuses of all answers until the other side has closed the line."""
    heard = b""
    with closing(connect()) as line:
        line.sendall(b"".join(said))
        while some := line.recv(65536):
            heard += some
    return [int(status) for status in re.findall(rb"^HTTP/1\.1 (\d+)", heard, re.MULTILINE)]


def test_two_requests_on_one_line_get_two_answers(connect: Connect) -> None:
    last = HIDDEN.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
    assert _answers(connect, HIDDEN, last) == [200, 200]


@pytest.mark.parametrize("doubt", IN_DOUBT)
def test_a_request_whose_end_is_in_doubt_is_refused_and_what_hides_in_it_is_not_answered(
    connect: Connect, doubt: str
) -> None:
    headers, body = IN_DOUBT[doubt]
    head = b"POST /sign-in HTTP/1.1\r\nHost: localhost\r\n" + headers % len(body) + b"\r\n\r\n"
    (status,) = _answers(connect, head, body)
    assert status in {400, 501}
