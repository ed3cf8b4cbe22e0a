"""Redis for the tests: a real `redis-server`, one a worker, or one of one's own."""

import contextlib
import os
import secrets
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import redis

from tests.servers.run_folder import run_folder

_NOTHING_ON_DISK = ("--save", "", "--appendonly", "no")


class RedisServer:
    """A real `redis-server` on a port of its own, loopback only, keeping nothing on disk."""

    def __init__(self, folder: Path) -> None:
        self._pid_file = folder / f"redis-{secrets.token_hex(4)}.pid"
        self._process: subprocess.Popen[bytes] | None = None
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port: int = free.getsockname()[1]

    @property
    def url(self) -> str:
        """What `COMMUNITY_REDIS_URL` takes."""
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Start, or start again on the same port; return when it answers."""
        program = shutil.which("redis-server")
        assert program, "redis-server is not installed; `make test` installs it"
        self._process = subprocess.Popen(
            [program, "--bind", "127.0.0.1", "--port", str(self.port), *_NOTHING_ON_DISK],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.STDOUT,
        )
        self._pid_file.write_text(str(self._process.pid))
        self._wait_until_it_answers(self._process)

    def stop(self) -> None:
        """Stop; clients see their connections close."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(timeout=10)
            self._process = None
        self._pid_file.unlink(missing_ok=True)

    @contextlib.contextmanager
    def gone(self) -> Iterator[None]:
        """Have it stopped until the block ends; then it is there again, and empty."""
        self.stop()
        try:
            yield
        finally:
            self.start()

    @contextlib.contextmanager
    def standing_still(self) -> Iterator[None]:
        """Keep it from answering, with its connections open, until the block ends."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self._process.send_signal(signal.SIGCONT)

    def _wait_until_it_answers(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + 10
        with redis.Redis(port=self.port) as client:
            while True:
                try:
                    client.ping()
                except redis.RedisError:
                    assert process.poll() is None, "redis-server stopped at once"
                    assert time.monotonic() < deadline, "redis-server does not answer"
                    time.sleep(0.01)
                else:
                    return


@contextlib.contextmanager
def running_redis() -> Iterator[RedisServer]:
    """Give a Redis of one's own: for tests that stop it, or that listen to its channels."""
    server = RedisServer(run_folder())
    server.start()
    try:
        yield server
    finally:
        server.stop()


def stop_left_over_redis() -> None:
    """End the servers of workers that died before they could."""
    for record in run_folder().glob("redis-*.pid"):
        with contextlib.suppress(ProcessLookupError):
            os.kill(int(record.read_text()), signal.SIGTERM)
