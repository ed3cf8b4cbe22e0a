"""The whole program as its own process, and people who use it in a real browser."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize

from community import create_app
from tests.servers.warm import WarmServer, start_server
from tests.stage import Stage, Visitor, settings_for

PHONE: ViewportSize = {"width": 360, "height": 740}
DESKTOP: ViewportSize = {"width": 1440, "height": 900}
START_SECONDS = 90.0
DATABASE = "community.sqlite3"


def free_port() -> int:
    """Return a port of the loopback interface on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Site:
    """A running site with the cast on it, and the same database from within the test."""

    port: int
    app: Flask
    folder: Path
    contexts: list[BrowserContext] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Where browsers find it."""
        return f"http://localhost:{self.port}"

    @property
    def stage(self) -> Stage:
        """The cast, to act without a browser; use within `site.app.app_context()`."""
        return Stage(self.app)

    def browse(
        self, browser: Browser, who: str | None, *, size: ViewportSize | None = None,
        dark: bool = False, script: bool = True, **more: Any,
    ) -> Page:  # fmt: skip
        """Open a browser as a member of the cast, signed in; None is a stranger."""
        context = browser.new_context(
            base_url=self.url,
            viewport=size or DESKTOP,
            color_scheme="dark" if dark else "light",
            java_script_enabled=script,
            reduced_motion="reduce",
            **more,
        )
        context.set_default_timeout(10_000)
        self.contexts.append(context)
        if who is not None:
            context.add_cookies([{"name": "roundtable", "value": self._cookie(who),
                                  "url": self.url}])  # fmt: skip
        return context.new_page()

    def _cookie(self, who: str) -> str:
        visitor = Visitor(self.app, who)
        cookie = visitor.client.get_cookie("roundtable")
        assert cookie is not None
        return str(cookie.value)

    def close_browsers(self) -> None:
        """Close what the last test opened."""
        for context in self.contexts:
            context.close()
        self.contexts.clear()


@contextlib.contextmanager
def running_site(
    database: Path, folder: Path, *, port: int = 0, **environment: str
) -> Iterator[Site]:
    """Serve a copy of a filled SQLite database; stop the server by its own id at the end.

    Args:
        database: the file to copy.
        folder: where the copy, letters and log lie.
        port: where to serve; 0 looks for a free one.
        environment: further variables, such as COMMUNITY_POLICIES_DIR.
    """
    shutil.copy(database, folder / DATABASE)
    with serving(folder, port=port or free_port(), **environment) as site:
        yield site


@contextlib.contextmanager
def serving(folder: Path, *, port: int, **environment: str) -> Iterator[Site]:
    """Serve what lies in a folder, which may be a site that was stopped."""
    settings = settings_for(f"sqlite:///{folder / DATABASE}", folder)
    variables = {
        **{key: value for key, value in os.environ.items() if not key.startswith("COMMUNITY_")},
        "COMMUNITY_DATABASE_URL": settings.database_url,
        "COMMUNITY_SECRET_KEY": settings.secret_key,
        "COMMUNITY_MAIL_URL": settings.mail_url,
        "COMMUNITY_BASE_URL": f"http://localhost:{port}",
        "COMMUNITY_DATA_DIR": str(folder),
        "COMMUNITY_MODE": "development",
        "COMMUNITY_FAST_PASSWORDS": "1",
        "COMMUNITY_ASYNC": "gevent",
        "COMMUNITY_BIND": f"127.0.0.1:{port}",
        **environment,
    }
    log = folder / "server.log"
    log.touch()
    server = start_server(variables, log)
    try:
        _wait_until_ready(port, server, log)
        yield Site(port, create_app(settings), folder)
    finally:
        server.terminate()
        try:
            server.wait(15)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait(15)


def _wait_until_ready(port: int, server: WarmServer, log: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        if server.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=2) as answer:
                if json.load(answer)["ok"]:
                    return
        except OSError:
            time.sleep(0.05)
    raise AssertionError(f"the site did not start:\n{log.read_text()[-3000:]}")
