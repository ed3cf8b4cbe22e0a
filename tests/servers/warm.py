"""Servers that start at once: forked from a process that has loaded the program beforehand.

Run as a program it reads a line of JSON for each server that is wanted, `variables` and `log`,
and answers with the number of the process. Such a process is gunicorn under the program's own
configuration, as `community serve` runs it; only the loading has been done before.
"""

from __future__ import annotations

import functools
import json
import os
import select
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from gevent import monkey

ROOT = Path(__file__).parents[2]


class WarmServer:
    """A server that is no child of ours; known by its number, and watched by a descriptor."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._watch = os.pidfd_open(pid)

    def poll(self) -> int | None:
        """Return 0 when it has ended."""
        return 0 if self._ended_within(0) else None

    def wait(self, seconds: float) -> None:
        """Wait until it has ended.

        Raises:
            TimeoutExpired: it goes on.
        """
        if not self._ended_within(seconds):
            raise subprocess.TimeoutExpired(str(self.pid), seconds)

    def terminate(self) -> None:
        """Ask it to stop."""
        self._send(signal.SIGTERM)

    def kill(self) -> None:
        """Stop it."""
        self._send(signal.SIGKILL)

    def _send(self, sign: signal.Signals) -> None:
        if not self._ended_within(0):
            signal.pidfd_send_signal(self._watch, sign)

    def _ended_within(self, seconds: float) -> bool:
        return bool(select.select([self._watch], [], [], seconds)[0])


def start_server(variables: Mapping[str, str], log: Path) -> WarmServer:
    """Start a server with these variables and no others; what it prints goes to the log."""
    source = _source()
    assert source.stdin is not None
    assert source.stdout is not None
    source.stdin.write(json.dumps({"variables": dict(variables), "log": str(log)}) + "\n")
    source.stdin.flush()
    return WarmServer(int(source.stdout.readline()))


@functools.cache
def _source() -> subprocess.Popen[str]:
    """Start the process that servers are forked from; it ends with its standard input, as we do."""
    return subprocess.Popen(
        [sys.executable, "-W", "default", "-m", "tests.servers.warm"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


# --- in the other process ----------------------------------------------------------------------


def _load() -> None:
    """Load what `gunicorn "community:create_app()"` would, in the same order."""
    from gunicorn.app import wsgiapp  # type: ignore[import-untyped]  # noqa: F401, PLC0415

    monkey.patch_all()
    from flask import Flask  # noqa: PLC0415
    from gunicorn.workers import ggevent  # type: ignore[import-untyped]  # noqa: F401, PLC0415

    from community import application, features  # noqa: F401, PLC0415

    features.init_app(Flask("community"))


def _serve(variables: Mapping[str, str], log: Path) -> None:
    """Become a server; never returns."""
    from gunicorn.app.wsgiapp import run  # type: ignore[import-untyped]  # noqa: PLC0415

    from community.kernel import launch  # noqa: PLC0415

    os.environ.clear()
    os.environ.update(variables)
    nothing, said = os.open(os.devnull, os.O_RDONLY), os.open(log, os.O_WRONLY | os.O_APPEND)
    for ours, theirs in ((nothing, 0), (said, 1), (said, 2)):
        os.dup2(ours, theirs)
    sys.argv = ["gunicorn", *launch.arguments(variables["COMMUNITY_BIND"])]
    try:
        run(prog="gunicorn")
    finally:
        os._exit(0)  # taking apart what was loaded takes longer than serving most tests


def main() -> None:
    """Fork a server for each line that comes in, until there are no more."""
    with tempfile.TemporaryDirectory() as figures:
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = figures  # how to count is decided when loading
        _load()
        fork, on = monkey.get_original("os", "fork"), monkey.get_original("signal", "signal")
        on(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for what has ended
        servers = []
        for line in sys.stdin:
            wanted = json.loads(line)
            pid = fork()
            if not pid:
                on(signal.SIGCHLD, signal.SIG_DFL)
                _serve(wanted["variables"], Path(wanted["log"]))
            servers.append(WarmServer(pid))
            print(pid, flush=True)  # noqa: T201
        for server in servers:
            server.kill()


if __name__ == "__main__":
    main()
