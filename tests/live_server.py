"""A real server process on a free port, and pages that hear it over real sockets."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO, Any

import websocket
from flask import Flask

from community import create_app
from community.config import Settings
from tests.stage import Visitor

ROOT = Path(__file__).parents[1]
CONFIG = ROOT / "community" / "kernel" / "server.py"
BOOT_SECONDS = 90.0


@dataclass
class LiveServer:
    """A server process, and the same program here, on the same database and key."""

    address: str
    process: subprocess.Popen[bytes]
    app: Flask
    pages: list[LivePage] = field(default_factory=list)

    def visitor(self, who: str) -> Visitor:
        """Return a browser signed in as a member of the cast."""
        return Visitor(self.app, who)

    def open(self, visitor: Visitor, **more: Any) -> LivePage:
        """Open a page's socket with a browser's cookies."""
        token = visitor.token
        page = LivePage(self.address, self.cookie(visitor), **more)
        self.pages.append(page)
        page.connect(token)
        return page

    def cookie(self, visitor: Visitor) -> str:
        """Return what the browser sends."""
        found = visitor.client.get_cookie("roundtable")
        assert found is not None
        return f"roundtable={found.value}"

    def post(self, visitor: Visitor, path: str, said: dict[str, Any] | None = None) -> Any:
        """Send JSON to the server process as the page's script would; return its answer."""
        token = visitor.token
        asked = urllib.request.Request(
            f"http://{self.address}{path}",
            data=json.dumps(said or {}).encode(),
            headers={
                "Content-Type": "application/json",
                "Accept": "application/json",
                "X-CSRFToken": token,
                "Cookie": self.cookie(visitor),
            },
        )
        with urllib.request.urlopen(asked, timeout=20) as answer:
            body = answer.read()
            is_json = answer.headers.get_content_type() == "application/json"
            return json.loads(body) if is_json else None

    def stop(self) -> float:
        """Ask the process to stop; return how long it took, in seconds."""
        begun = time.monotonic()
        self.process.terminate()
        self.process.wait(30)
        return time.monotonic() - begun


class LivePage:
    """A page's socket, spoken to in Socket.IO's own words."""

    def __init__(self, address: str, cookie: str, **more: Any) -> None:
        self.ws = websocket.create_connection(
            f"ws://{address}/socket.io/?EIO=4&transport=websocket",
            cookie=cookie,
            origin=f"http://{address}",
            timeout=15,
            **more,
        )
        self.kept: list[list[Any]] = []

    def connect(self, token: str) -> None:
        """Pass the gate, or be told which door is shut."""
        self.ws.send("40" + json.dumps({"csrf": token}))
        self.welcome = self._next(lambda said: said.startswith(("40", "44")))

    def ask(self, event: str, said: Any) -> Any:
        """Send an event; return the acknowledgement."""
        self.ws.send("421" + json.dumps([event, said]))
        return json.loads(self._next(lambda answer: answer.startswith("431"))[3:])[0]

    def hear(self, event: str) -> dict[str, Any]:
        """Wait for an event of that name; return what it says."""
        for place, (name, payload) in enumerate(self.kept):
            if name == event:
                del self.kept[place]
                return dict(payload)
        self._next(lambda said: said.startswith(f'42["{event}"'))
        return dict(self.kept.pop()[1])

    def wait_for_end(self) -> None:
        """Wait until the server has closed the connection."""
        with contextlib.suppress(websocket.WebSocketConnectionClosedException, OSError):
            while self._receive() is not None:
                pass

    def close(self) -> None:
        """Close the page, without waiting for the server to agree."""
        self.ws.shutdown()  # type: ignore[no-untyped-call]

    def _receive(self) -> str | None:
        said = self.ws.recv()
        if said == "2":
            self.ws.send("3")
        if isinstance(said, str) and said.startswith("42"):
            self.kept.append(json.loads(said[2:]))
        return str(said) if said else None

    def _next(self, wanted: Callable[[str], bool]) -> str:
        while (said := self._receive()) is not None:
            if wanted(said):
                return said
        raise ConnectionError("the server closed the connection")


@contextlib.contextmanager
def running_server(
    settings: Settings, *, workers: int = 1, said: IO[bytes] | None = None
) -> Iterator[LiveServer]:
    """Serve as `community serve` does, until the block ends; `said` takes what it prints.

    It has a process group of its own, as in a terminal, where Ctrl C reaches every process of it.
    """
    with socket.create_server(("127.0.0.1", 0)) as probe:
        address = f"127.0.0.1:{probe.getsockname()[1]}"
    here = replace(settings, base_url=f"http://{address}")
    process = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "--config", f"file:{CONFIG}", "community:create_app()"],
        cwd=ROOT,
        env=os.environ | environment(here, address, workers),
        stdout=said,
        stderr=said,
        start_new_session=True,
    )
    try:
        _wait_until_ready(address, process)
        server = LiveServer(address, process, create_app(here))
        yield server
        for page in server.pages:
            page.close()
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(30)


def environment(settings: Settings, address: str, workers: int) -> dict[str, str]:
    """Return settings as the environment gives them."""
    return {
        "COMMUNITY_BIND": address,
        "COMMUNITY_WORKERS": str(workers),
        "COMMUNITY_MODE": settings.mode,
        "COMMUNITY_DATABASE_URL": settings.database_url,
        "COMMUNITY_REDIS_URL": settings.redis_url,
        "COMMUNITY_SECRET_KEY": settings.secret_key,
        "COMMUNITY_MAIL_URL": settings.mail_url,
        "COMMUNITY_BASE_URL": settings.base_url,
        "COMMUNITY_DATA_DIR": str(settings.data_dir),
        "COMMUNITY_TRANSPORT": settings.transport,
        "COMMUNITY_FAST_PASSWORDS": "1",
    }


def _wait_until_ready(address: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + BOOT_SECONDS
    while time.monotonic() < until:
        assert process.poll() is None, "the server stopped while it started"
        try:
            with urllib.request.urlopen(f"http://{address}/healthz", timeout=5) as answer:
                assert answer.status == 200
                return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError("the server did not start")
