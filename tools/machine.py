"""Find the programs that the tests start, and install Debian's packages of them if we may."""

import os
import shutil
import sys
from pathlib import Path

from tools.commands import Missing, say, succeeds

_BROWSERS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)


def find_chromium() -> Path | None:
    """Give the browser that `CHROME` names, else the first that is found, else None."""
    named = os.environ.get("CHROME")
    for candidate in (named,) if named else _BROWSERS:
        found = shutil.which(candidate)
        if found:
            return Path(found)
    return None


def ensure_chromium() -> None:
    """See that there is a browser that starts; raise Missing otherwise."""
    if os.environ.get("CHROME"):
        if not _starts(find_chromium()):
            raise Missing("CHROME does not point to a browser that starts.")
        return
    if _starts(find_chromium()):
        return
    _install("chromium", "fonts-liberation")
    if not _starts(find_chromium()):
        raise Missing(
            "The browser tests need Chromium: install it (on Debian: apt-get install chromium), "
            "or name one by CHROME=/path/to/chrome."
        )


def ensure_redis() -> None:
    """See that there is a `redis-server`; raise Missing otherwise."""
    if shutil.which("redis-server"):
        return
    _install("redis-server")
    if not shutil.which("redis-server"):
        raise Missing(
            "The tests need redis-server: install it (on Debian: apt-get install redis-server)."
        )


def _starts(program: Path | None) -> bool:
    # Ubuntu ships a `chromium-browser` that only says that the real one is elsewhere.
    return program is not None and succeeds([program, "--version"])


def _install(*packages: str) -> None:
    """Install Debian packages, if this is Debian's kind and we may without being asked."""
    may = _privilege()
    if may is None:
        return
    say(f"Installing {' and '.join(packages)}")
    apt = [*may, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "--quiet", "--yes"]
    apt += ["-o", "DPkg::Lock::Timeout=120"]
    succeeds([*apt, "update"])
    succeeds([*apt, "install", "--no-install-recommends", *packages])


def _privilege() -> list[str] | None:
    if sys.platform != "linux" or not shutil.which("apt-get"):
        return None
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") and succeeds(["sudo", "-n", "true"]):
        return ["sudo", "-n"]
    return None
