"""What nginx compresses, and that no link that opens a door is in a log of its own."""

from __future__ import annotations

import contextlib
import http.client
import http.server
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.operations.proxy import adapted, running_nginx
from tests.operations.test_many_processes import wait_for
from tests.site import free_port

TOKEN = "a-link-that-opens-a-door"
KINDS = {"/sign-in": "text/html; charset=utf-8", "/static/css/base.css": "text/css"}


class _Pages(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        page = b"what people wrote " * 200
        self.send_response(200)
        self.send_header("Content-Type", KINDS.get(self.path, "application/json"))
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, *_args: object) -> None:
        """Say nothing."""


@pytest.fixture
def behind() -> Iterator[int]:
    """The port of a program that answers with long pages."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Pages)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


def asked(port: int, path: str) -> tuple[int, str]:
    """Return the status of an answer, and how it is compressed."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    line = http.client.HTTPSConnection("127.0.0.1", port, context=context, timeout=10)
    with contextlib.closing(line):
        line.request("GET", path, headers={"Accept-Encoding": "gzip", "Accept": "text/html"})
        answer = line.getresponse()
        answer.read()
        return answer.status, answer.getheader("Content-Encoding", "")


def test_pages_are_compressed_and_what_scripts_ask_for_is_not(tmp_path: Path, behind: int) -> None:
    https = free_port()
    conf = adapted(tmp_path, http=free_port(), https=https, site=f"127.0.0.1:{behind}")
    with running_nginx(conf):
        wait_for(https)
        assert asked(https, "/sign-in") == (200, "gzip")
        assert asked(https, "/static/css/base.css") == (200, "gzip")
        assert asked(https, "/spaces/anaemia/stream") == (200, "")


def test_where_the_program_is_away_no_log_of_nginx_has_a_link_that_opens_a_door(
    tmp_path: Path,
) -> None:
    https = free_port()
    conf = adapted(tmp_path, http=free_port(), https=https)  # nobody listens behind it
    doors = (
        f"sign-in/link/{TOKEN}", f"password/reset/{TOKEN}", f"invitations/{TOKEN}",
        f"invitations/{TOKEN}/join", f"profile/email/{TOKEN}", f"sign-in/company/back?code={TOKEN}",
    )  # fmt: skip
    with running_nginx(conf):
        wait_for(https)
        for door in doors:
            assert asked(https, f"/{door}")[0] == 502, door
        assert asked(https, "/members/")[0] == 502
    logged = (tmp_path / "error.log").read_text()
    assert "/members/" in logged, "what is no secret is still logged"
    assert TOKEN not in logged + (tmp_path / "access.log").read_text()
