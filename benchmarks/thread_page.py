"""A thread's page over HTTP, beside an empty view of the same server.

`python -m benchmarks.thread_page`. The whole program behind gunicorn, one process, on SQLite,
pinned to one core; the clients, plain keep-alive connections, are on another. The page has 20
posts of three paragraphs. Rounds of page and empty view alternate, so that the ratio holds where
the machine is shared. Figures are printed, and are of the machine they were taken on.
"""

from __future__ import annotations

import argparse
import http.client
import os
import statistics
import threading
import time
from dataclasses import dataclass, field

from benchmarks.serving import served

PAGES = {"empty view": "/bench/empty", "thread, 20 posts": "/threads/1"}
WARM_UP = 30


@dataclass
class Figures:
    """What was measured of one page: seconds of each answer, and of all rounds together."""

    latencies: list[float] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def a_second(self) -> float:
        """Answers a second."""
        return len(self.latencies) / self.seconds

    @property
    def p95(self) -> float:
        """Milliseconds within which 95 of 100 answers came."""
        return statistics.quantiles(self.latencies, n=20)[18] * 1e3

    @property
    def p50(self) -> float:
        """Milliseconds within which half of the answers came."""
        return statistics.median(self.latencies) * 1e3


def main() -> None:
    """Measure each page with one client and with several."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, nargs="+", default=[1, 8])
    parser.add_argument("--seconds", type=float, default=2.0, help="of a round")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    cores = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {cores[-1]})
    with served("benchmarks.thread_page_app:create()", cores[0]) as server:
        address = server.address
        cookie = _cookie(address)
        for path in PAGES.values():
            for _ in range(WARM_UP):
                _get(http.client.HTTPConnection(address, timeout=60), path, cookie)
        print(f"{'page':18} clients  requests/s   p50 ms   p95 ms  to the empty view")
        for clients in options.clients:
            _compare(address, cookie, clients, options.rounds, options.seconds)


def _compare(address: str, cookie: str, clients: int, rounds: int, seconds: float) -> None:
    found = {name: Figures() for name in PAGES}
    for _ in range(rounds):
        for name, path in PAGES.items():
            _press(address, path, cookie, clients=clients, seconds=seconds, figures=found[name])
    base = found["empty view"].a_second
    for name, figures in found.items():
        print(
            f"{name:18} {clients:7} {figures.a_second:11.1f} {figures.p50:8.1f} "
            f"{figures.p95:8.1f} {figures.a_second / base:15.3f}",
            flush=True,
        )


def _press(
    address: str, path: str, cookie: str, *, clients: int, seconds: float, figures: Figures
) -> None:
    until = time.perf_counter() + seconds
    begun = time.perf_counter()

    def ask() -> None:
        connection = http.client.HTTPConnection(address, timeout=60)
        while (sent := time.perf_counter()) < until:
            _get(connection, path, cookie)
            figures.latencies.append(time.perf_counter() - sent)
        connection.close()

    threads = [threading.Thread(target=ask) for _ in range(clients)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    figures.seconds += time.perf_counter() - begun


def _get(connection: http.client.HTTPConnection, path: str, cookie: str) -> str:
    connection.request("GET", path, headers={"Cookie": cookie} if cookie else {})
    answer = connection.getresponse()
    body = answer.read()
    if answer.status != 200:
        raise RuntimeError(f"{path} answered {answer.status}: {body[:200]!r}")
    return (answer.getheader("Set-Cookie") or "").partition(";")[0]


def _cookie(address: str) -> str:
    return _get(http.client.HTTPConnection(address, timeout=60), "/bench/sign-in/0", "")


if __name__ == "__main__":
    main()
