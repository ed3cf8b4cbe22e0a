"""News to many readers: how soon, how many a second, at what cost. `python -m benchmarks.fan_out`.

The whole program behind gunicorn, on SQLite, pinned to one core; the readers, on another, are
plain WebSockets that count frames. News is a stream event with a kilobyte of HTML, committed one
by one. Figures are printed, and are of the machine they were taken on.
"""

from __future__ import annotations

import argparse
import os
import statistics
import threading
import time
from pathlib import Path

from benchmarks.readers import SOCKETS_A_READER, Readers, fetch
from benchmarks.serving import served

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
    environ = {
        "COMMUNITY_TRANSPORT": transport,
        "BENCH_READERS": str(-(-count // SOCKETS_A_READER)),
    }
    with served("benchmarks.fan_out_app:create()", core, **environ) as server:
        fetch(server.address, "/bench/news/1")
        worker = server.worker
        before = _resident(worker)
        readers = Readers(server.address, count)
        after = _resident(worker)
        late = _steady(readers)
        cpu = server.cpu
        delivered, seconds = _full(readers)
        cost = (server.cpu - cpu) / delivered * 1e6
        readers.close()
    p50, p95 = statistics.median(late) * 1e3, statistics.quantiles(late, n=20)[18] * 1e3
    return (
        f"{transport:10} {count:7} {p50:8.1f} {p95:8.1f} {delivered / seconds:12,.0f} "
        f"{cost:12.1f} {(after - before) / count:8.1f} {after / 1024:7.0f}"
    )


def _resident(pid: int) -> int:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    raise ValueError(pid)


def _steady(readers: Readers) -> list[float]:
    """Cause news at an even pace; return how late each reader had each piece, in seconds."""
    late: list[float] = []
    for _ in range(int(STEADY_SECONDS * STEADY_A_SECOND)):
        begun = time.monotonic()
        news = threading.Thread(target=fetch, args=(readers.address, "/bench/news/1"))
        news.start()
        late += readers.collect(begun + 1 / STEADY_A_SECOND, since=begun, wanted=readers.count)
        news.join()
        time.sleep(max(0.0, begun + 1 / STEADY_A_SECOND - time.monotonic()))
    return late


def _full(readers: Readers) -> tuple[int, float]:
    """Cause news as fast as it is taken; return how many arrived, and in how many seconds."""
    stop = threading.Event()

    def press() -> None:
        while not stop.is_set():
            fetch(readers.address, "/bench/news/25")

    presses = [threading.Thread(target=press) for _ in range(OUTSTANDING)]
    begun = time.monotonic()
    for each in presses:
        each.start()
    delivered = len(readers.collect(begun + FULL_SECONDS))
    stop.set()
    while any(each.is_alive() for each in presses):
        delivered += len(readers.collect(time.monotonic() + 0.05))
    delivered += len(readers.collect(time.monotonic() + 0.5))
    return delivered, time.monotonic() - begun - 0.5


if __name__ == "__main__":
    main()
