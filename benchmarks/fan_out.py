"""News to many readers: how soon, how many a second, at what cost. `python -m benchmarks.fan_out`.

The whole program behind gunicorn, on SQLite, pinned to one core; the readers, on another, are
plain WebSockets that count frames. News is a stream event with a kilobyte of HTML, committed one
by one. Figures are printed, and are of the machine they were taken on.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import selectors
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

ROOT = Path(__file__).parents[1]
SOCKETS_A_READER = 20
STEADY_SECONDS, STEADY_A_SECOND = 4.0, 5
FULL_SECONDS = 3.0
OUTSTANDING = 4


def main() -> None:
    """Measure each number of sockets over each transport."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sockets", type=int, nargs="+", default=[100, 500])
    parser.add_argument("--transport", nargs="+", default=["stock", "direct"])
    options = parser.parse_args()
    cores = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {cores[-1]})
    print(f"{'transport':10} sockets   p50 ms   p95 ms  delivered/s  CPU us each  KB each  RSS MB")
    for count in options.sockets:
        for transport in options.transport:
            print(_measure(transport, count, cores[0]), flush=True)


def _measure(transport: str, count: int, core: int) -> str:
    with _server(transport, count, core) as (address, process):
        worker = _worker(process)
        before = _resident(worker)
        readers = Readers(address, count)
        after = _resident(worker)
        late = readers.steady()
        cpu = _cpu(worker)
        delivered, seconds = readers.full()
        cost = (_cpu(worker) - cpu) / delivered * 1e6
        readers.close()
    p50, p95 = statistics.median(late) * 1e3, statistics.quantiles(late, n=20)[18] * 1e3
    return (
        f"{transport:10} {count:7} {p50:8.1f} {p95:8.1f} {delivered / seconds:12,.0f} "
        f"{cost:12.1f} {(after - before) / count:8.1f} {after / 1024:7.0f}"
    )


@contextmanager
def _server(transport: str, count: int, core: int) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    folder = Path(tempfile.mkdtemp(prefix="fan-out-"))
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    environ = {
        **os.environ,
        "COMMUNITY_MODE": "development",
        "COMMUNITY_DATA_DIR": str(folder),
        "COMMUNITY_BASE_URL": f"http://127.0.0.1:{port}",
        "COMMUNITY_BIND": f"127.0.0.1:{port}",
        "COMMUNITY_TRANSPORT": transport,
        "COMMUNITY_REDIS_URL": "",
        "BENCH_READERS": str(-(-count // SOCKETS_A_READER)),
    }
    config = ROOT / "community" / "kernel" / "server.py"
    command = [sys.executable, "-m", "gunicorn", "--config", f"file:{config}",
               "benchmarks.fan_out_app:create()"]  # fmt: skip
    process = subprocess.Popen(command, cwd=ROOT, env=environ)
    os.sched_setaffinity(process.pid, {core})
    try:
        _wait_for(port)
        yield f"127.0.0.1:{port}", process
    finally:
        process.terminate()
        process.wait(20)
        shutil.rmtree(folder, ignore_errors=True)


def _wait_for(port: int) -> None:
    for _ in range(300):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.1)
    _get(f"127.0.0.1:{port}", "/bench/news/1")


def _get(address: str, path: str) -> tuple[Any, str]:
    connection = http.client.HTTPConnection(address, timeout=60)
    connection.request("GET", path)
    answer = connection.getresponse()
    body = answer.read()
    assert answer.status == 200, (path, answer.status, body[:200])
    connection.close()
    return json.loads(body), (answer.getheader("Set-Cookie") or "").partition(";")[0]


def _worker(process: subprocess.Popen[bytes]) -> int:
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    return int(children[0])


def _resident(pid: int) -> int:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    raise ValueError(pid)


def _cpu(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Readers:
    """Many open pages that watch one thread."""

    def __init__(self, address: str, count: int) -> None:
        self.address, self.count = address, count
        self.sockets: list[socket.socket] = []
        self.rests: dict[int, bytes] = {}
        self.selector = selectors.DefaultSelector()
        for reader in range(-(-count // SOCKETS_A_READER)):
            body, cookie = _get(address, f"/bench/sign-in/{reader}")
            for _ in range(min(SOCKETS_A_READER, count - len(self.sockets))):
                self.sockets.append(_connect(address, cookie, body["csrf"]))
        for one in self.sockets:
            one.setblocking(False)
            self.rests[one.fileno()] = b""
            self.selector.register(one, selectors.EVENT_READ)
        self.collect(time.monotonic() + 2.0)

    def steady(self) -> list[float]:
        """Cause news at an even pace; return how late each reader had each piece, in seconds."""
        late: list[float] = []
        for _ in range(int(STEADY_SECONDS * STEADY_A_SECOND)):
            begun = time.monotonic()
            news = threading.Thread(target=_get, args=(self.address, "/bench/news/1"))
            news.start()
            late += self.collect(begun + 1 / STEADY_A_SECOND, since=begun, wanted=self.count)
            news.join()
            time.sleep(max(0.0, begun + 1 / STEADY_A_SECOND - time.monotonic()))
        return late

    def full(self) -> tuple[int, float]:
        """Cause news as fast as it is taken; return how many arrived, and in how many seconds."""
        stop = threading.Event()

        def press() -> None:
            while not stop.is_set():
                _get(self.address, "/bench/news/25")

        presses = [threading.Thread(target=press) for _ in range(OUTSTANDING)]
        begun = time.monotonic()
        for each in presses:
            each.start()
        delivered = len(self.collect(begun + FULL_SECONDS))
        stop.set()
        while any(each.is_alive() for each in presses):
            delivered += len(self.collect(time.monotonic() + 0.05))
        delivered += len(self.collect(time.monotonic() + 0.5))
        return delivered, time.monotonic() - begun - 0.5

    def collect(self, until: float, *, since: float = 0.0, wanted: int = 0) -> list[float]:
        """Read what comes until a moment; return for each event how long after `since`."""
        late: list[float] = []
        while (left := until - time.monotonic()) > 0:
            for key, _ in self.selector.select(left):
                one = self.sockets_by(key.fd)
                events = self._read(one)
                late += [time.monotonic() - since] * events
            if wanted and len(late) >= wanted:
                break
        return late

    def sockets_by(self, fd: int) -> socket.socket:
        """Return the socket of a file number."""
        found = self.selector.get_key(fd).fileobj
        assert isinstance(found, socket.socket)
        return found

    def _read(self, one: socket.socket) -> int:
        data = self.rests[one.fileno()] + one.recv(1 << 18)
        events = at = 0
        while len(data) - at >= 2:
            size, head = data[at + 1] & 127, 2
            if size == 126:
                size, head = int.from_bytes(data[at + 2 : at + 4], "big"), 4
            if len(data) - at < head + size:
                break
            start = data[at + head : at + head + 11]
            events += start == b'42["event",'
            if start[:1] == b"2" and size == 1:
                one.send(_masked(b"3"))
            at += head + size
        self.rests[one.fileno()] = data[at:]
        return events

    def close(self) -> None:
        """Close all pages."""
        for one in self.sockets:
            one.close()


def _connect(address: str, cookie: str, csrf: str) -> socket.socket:
    where = urlsplit(f"//{address}")
    one = socket.create_connection((where.hostname or "", where.port or 0), timeout=30)
    one.sendall(
        f"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: {address}\r\n"
        f"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        f"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nCookie: {cookie}\r\n\r\n".encode()
    )
    seen = b""
    for wanted, answer in (
        (b"0{", b"40" + json.dumps({"csrf": csrf}).encode()),
        (b"40{", b'420["watch",{"space":1,"thread":1}]'),
        (b'430[{"ok":true', b""),
    ):
        while wanted not in seen:
            more = one.recv(1 << 16)
            assert more, seen
            seen += more
        seen = seen.partition(wanted)[2]
        if answer:
            one.sendall(_masked(answer))
    return one


def _masked(payload: bytes) -> bytes:
    """Return a text frame as a browser sends it; a mask of zeros is a mask."""
    size = len(payload)
    head = bytes((0x81, 0x80 | size)) if size < 126 else b"\x81\xfe" + size.to_bytes(2, "big")
    return head + b"\0\0\0\0" + payload


if __name__ == "__main__":
    main()
