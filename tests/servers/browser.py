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
# A window has an address bar, even one that nobody sees, and its suggestions are two pages of their
# own: a second of work in each context that a test opens.
_SUGGESTIONS = ("WebUIOmniboxPopup", "WebUIOmniboxAimPopup")
# The browser heeds the last list alone, so that Playwright's own is said again.
_BY_PLAYWRIGHT = (
    *("AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "HttpsUpgrades"),
    *("HttpsFirstBalancedModeAutoEnable", "LensOverlay", "MediaRouter", "PaintHolding"),
    *("ThirdPartyStoragePartitioning", "AvoidCorsURLLoaderRestartOnRedirect"),
    *("TcpPortRandomizationWin", "OptimizationHints", "NetworkTimeServiceQuerying", "AimEnabled"),
    *("PreconnectToSearch", "msForceBrowserSignIn", "msEdgeUpdateLaunchServicesPreferredVersion"),
)
TURNED_OFF = f"--disable-features={','.join((*_BY_PLAYWRIGHT, *_SUGGESTIONS))}"


def chrome_path() -> Path:
    """Give the browser's path: `CHROME`, else what the machine has."""
    path = find_chromium()
    assert path, "no Chromium was found; `make test` installs it, or name one by CHROME="
    return path


@contextlib.contextmanager
def running_chromium() -> Iterator[Browser]:
    """Give a browser; it refuses its own sandbox to root."""
    flags = [*CHROMIUM_FLAGS, TURNED_OFF, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chrome_path(), args=flags)
        yield browser
        browser.close()
