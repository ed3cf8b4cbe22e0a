"""A real browser without a window."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tools.machine import find_chromium

# It shall talk to nobody but the pages under test.
CHROMIUM_FLAGS = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
)


def chrome_path() -> Path:
    """Give the browser's path: `CHROME`, else what the machine has."""
    path = find_chromium()
    assert path, "no Chromium was found; `make test` installs it, or name one by CHROME="
    return path


@contextlib.contextmanager
def running_chromium() -> Iterator[Browser]:
    """Give a browser; it refuses its own sandbox to root."""
    flags = [*CHROMIUM_FLAGS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chrome_path(), args=flags)
        yield browser
        browser.close()
