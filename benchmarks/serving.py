"""Serves the program for a benchmark: behind gunicorn, on an empty SQLite file, on one core."""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Served:
    """A program that answers at `address`; `process` is gunicorn's master."""

    address: str
    process: subprocess.Popen[bytes]

    @property
    def worker(self) -> int:
        """The number of the one process that does the work."""
        own = self.process.pid
        return int(Path(f"/proc/{own}/task/{own}/children").read_text().split()[0])


@contextmanager
def served(program: str, core: int, **environ: str) -> Iterator[Served]:
    """Start `program` (`module:factory()`) on a core and on a free port; end it afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="benchmark-"))
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    settings = {
        "COMMUNITY_MODE": "production",
        "COMMUNITY_SECRET_KEY": secrets.token_urlsafe(32),
        "COMMUNITY_DATA_DIR": str(folder),
        "COMMUNITY_DATABASE_URL": "",
        "COMMUNITY_BASE_URL": f"http://127.0.0.1:{port}",
        "COMMUNITY_BIND": f"127.0.0.1:{port}",
        "COMMUNITY_REDIS_URL": "",
    }
    config = ROOT / "community" / "kernel" / "server.py"
    command = [sys.executable, "-m", "gunicorn", "--config", f"file:{config}", program]
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **settings, **environ})
    os.sched_setaffinity(process.pid, {core})
    try:
        _wait_for(port)
        yield Served(f"127.0.0.1:{port}", process)
    finally:
        process.terminate()
        process.wait(20)
        shutil.rmtree(folder, ignore_errors=True)


def _wait_for(port: int) -> None:
    for _ in range(600):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError("the server did not start")
