"""Serves a program for a benchmark: behind gunicorn, on an empty SQLite file, on one core."""

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
PRODUCT = ("--config", f"file:{ROOT / 'community' / 'kernel' / 'server.py'}")
LEAN = ("--worker-class", "gevent", "--worker-connections", "10000")


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

    @property
    def cpu(self) -> float:
        """Seconds of processor time that the worker has used so far."""
        fields = Path(f"/proc/{self.worker}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def served(
    program: str, core: int, *, how: tuple[str, ...] = PRODUCT, **environ: str
) -> Iterator[Served]:
    """Start a program on a core and on a free port; end it afterwards.

    Its logs are written as they would be on a site, into a file; they are shown if it fails.

    Args:
        program: as `module:factory()`.
        core: the number of the one that it may use.
        how: gunicorn's options, those of the product or of a lean yardstick.
        environ: settings besides.

    Raises:
        RuntimeError: it did not start.
    """
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
    command = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", *how, program]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, **settings, **environ}, stderr=log, stdout=log
        )
    os.sched_setaffinity(process.pid, {core})
    try:
        _wait_for(port, process)
        yield Served(f"127.0.0.1:{port}", process)
    except BaseException:
        print((folder / "log").read_text("utf-8", "replace")[-3000:], file=sys.stderr)
        raise
    finally:
        process.terminate()
        process.wait(20)
        shutil.rmtree(folder, ignore_errors=True)


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        if process.poll() is not None:
            break
        time.sleep(0.1)
    raise RuntimeError("the server did not start")
