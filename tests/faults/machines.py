"""Processes as a site runs them, each of which can be killed, stopped for a while and restarted."""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from pathlib import Path

from community.config import Settings
from tests.live_server import CONFIG, ROOT, environment

PATIENCE = 150.0


def free_port() -> int:
    """Return a port of the loopback interface on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def wait_for(what: str, is_so: Callable[[], bool], *, seconds: float = PATIENCE) -> None:
    """Look until something is so.

    Raises:
        TimeoutError: it did not come to be so in time.
    """
    until = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > until:
            raise TimeoutError(f"waited {seconds:.0f} seconds for {what}")
        time.sleep(0.05)


@dataclass
class Machine:
    """One program that runs, with what it says in a file."""

    command: list[str]
    variables: dict[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, or start it again."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command, cwd=ROOT, env=os.environ | self.variables, stdout=log, stderr=log
            )

    def said(self) -> str:
        """Return what it has said so far."""
        return self.log.read_text()

    def stop(self) -> None:
        """Ask it to end, and insist after a while."""
        process, self.process = self.process, None
        if process is None:
            return
        process.send_signal(signal.SIGCONT)
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(10)

    def kill(self) -> None:
        """End it without a word of warning, and start it anew as its keeper would."""
        assert self.process is not None
        self.process.kill()
        self.process.wait(10)
        self.start()


@dataclass
class Server(Machine):
    """A web server with one worker process; its master starts another where that one dies."""

    port: int = 0

    @property
    def address(self) -> str:
        """Host and port."""
        return f"127.0.0.1:{self.port}"

    def is_ready(self) -> bool:
        """Whether it answers."""
        assert self.process is not None
        assert self.process.poll() is None, f"the server stopped; see {self.log}"
        try:
            with urllib.request.urlopen(f"http://{self.address}/healthz", timeout=5) as answer:
                return int(answer.status) == 200
        except OSError:
            return False

    def wait_until_ready(self) -> None:
        """Return when it answers."""
        wait_for("the server", self.is_ready)

    def workers(self) -> list[int]:
        """Return the ids of its worker processes."""
        assert self.process is not None
        master = self.process.pid
        said = Path(f"/proc/{master}/task/{master}/children").read_text()
        return [int(pid) for pid in said.split()]

    def kill_worker(self) -> int:
        """Kill its worker processes; return how many there were."""
        found = self.workers()
        for pid in found:
            self._signal(pid, signal.SIGKILL)
        return len(found)

    @contextlib.contextmanager
    def standing_still(self) -> Generator[None]:
        """Stop its worker processes in the midst of what they do; let them go on at the end."""
        found = self.workers()
        for pid in found:
            self._signal(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            for pid in found:
                self._signal(pid, signal.SIGCONT)

    @contextlib.contextmanager
    def without_room(self) -> Generator[None]:
        """Let its worker processes write nothing to any file, as on a full disk."""
        found = self.workers()
        before = [resource.prlimit(pid, resource.RLIMIT_FSIZE) for pid in found]
        for pid, (_soft, hard) in zip(found, before, strict=True):
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, hard))
        try:
            yield
        finally:
            for pid, limits in zip(found, before, strict=True):
                resource.prlimit(pid, resource.RLIMIT_FSIZE, limits)

    @staticmethod
    def _signal(pid: int, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)


def server(settings: Settings, folder: Path, *, port: int, config: Path = CONFIG) -> Server:
    """Return a web server that is not started yet; its settings name where browsers find it."""
    address = f"127.0.0.1:{port}"
    return Server(
        command=[
            *(sys.executable, "-m", "gunicorn", "--config", f"file:{config}"),
            "community:create_app()",
        ],
        variables=environment(settings, address, 1),
        log=folder / f"server-{port}.log",
        port=port,
    )


def background(settings: Settings, folder: Path) -> Machine:
    """Return the process that does the background work, not started yet."""
    return Machine(
        command=[str(Path(sys.executable).parent / "community"), "worker"],
        variables=environment(settings, "", 1),
        log=folder / "worker.log",
    )


@dataclass
class Site:
    """Servers, and the process for the background work where they do not do it themselves."""

    servers: list[Server]
    others: list[Machine] = field(default_factory=list)

    def start(self) -> None:
        """Start all, and wait until they answer."""
        for each in (*self.servers, *self.others):
            each.start()
        for one in self.servers:
            one.wait_until_ready()

    def stop(self) -> None:
        """Stop all."""
        for each in (*self.servers, *self.others):
            each.stop()

    @property
    def addresses(self) -> list[str]:
        """Where the servers are found."""
        return [each.address for each in self.servers]
