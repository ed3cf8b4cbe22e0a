"""All pages come back at once, as after a restart, and catch up. `python -m benchmarks.catch_up`.

The whole program behind gunicorn, on SQLite, pinned to one core. Many pages, each of another
member, watch a thread; their sockets are cut, replies are missed, and all of them connect, watch
and are told what they have missed, as fast as they are served. What browsers add, up to
two seconds that they spread themselves over, is left out. Beside it stands the same program's empty
page, asked for in turns. Figures are printed, and are of the machine they were taken on.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import queue
import threading
import time
from collections.abc import Iterator
from typing import Any

from benchmarks.readers import connect, fetch
from benchmarks.replies import FEWEST, Writers
from benchmarks.serving import Served, served

AT_ONCE = 16  # connections that are opened side by side
MISSED, ROUNDS, EMPTY_PAGES = 10, 3, 300


def main() -> None:
    """Measure each number of pages."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sockets", type=int, nargs="+", default=[100, 500])
    options = parser.parse_args()
    cores = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {cores[-1]})
    print("pages   all back after, s   CPU ms a page   to an empty page   events each")
    for count in options.sockets:
        with served(
            "benchmarks.thread_page_app:create()", cores[0], BENCH_READERS=str(max(count, FEWEST))
        ) as server:
            for said in _measure(server, count):
                print(said, flush=True)


def _measure(server: Served, count: int) -> Iterator[str]:
    seats: list[tuple[str, str]] = []
    for number in range(count):
        body, cookie = fetch(server.address, f"/bench/sign-in/{number}")
        seats.append((cookie, body["csrf"]))
    writers = Writers(server.address)
    head = _ask(http.client.HTTPConnection(server.address, timeout=60), seats[0][0], 0)["head"]
    _come_back(server, seats, head)
    for _ in range(ROUNDS):
        writers.connection.close()  # the server has let it go if it stood idle for long
        for _ in range(MISSED):
            writers.send()
        time.sleep(1.0)
        cpu, begun = server.cpu, time.monotonic()
        events = _come_back(server, seats, head)
        seconds = time.monotonic() - begun
        each = (server.cpu - cpu) / count * 1e3
        yield (
            f"{count:5} {seconds:19.2f} {each:15.2f} {each / _empty_page(server):18.1f}"
            f" {events / count:13.1f}"
        )
        head += MISSED


def _empty_page(server: Served) -> float:
    """Return the milliseconds of the processor that a page with nothing on it takes."""
    connection = http.client.HTTPConnection(server.address, timeout=60)
    cpu = server.cpu
    for _ in range(EMPTY_PAGES):
        connection.request("GET", "/bench/empty")
        connection.getresponse().read()
    return (server.cpu - cpu) / EMPTY_PAGES * 1e3


def _come_back(server: Served, seats: list[tuple[str, str]], after: int) -> int:
    """Let all pages connect, watch and ask; return how many events they were told in all."""
    waiting: queue.SimpleQueue[tuple[str, str]] = queue.SimpleQueue()
    for seat in seats:
        waiting.put(seat)
    told: list[int] = []

    def serve_some() -> None:
        sockets = []
        while True:
            try:
                cookie, csrf = waiting.get_nowait()
            except queue.Empty:
                break
            page = connect(server.address, cookie, csrf, after=after)
            sockets.append(page.wire)
            told.append(len(page.answer["missed"]["events"]))
        for one in sockets:
            one.close()

    threads = [threading.Thread(target=serve_some) for _ in range(AT_ONCE)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(told) == len(seats)
    return sum(told)


def _ask(connection: http.client.HTTPConnection, cookie: str, after: int) -> dict[str, Any]:
    path = f"/spaces/bench/stream?after={after}&thread=1"
    connection.request("GET", path, headers={"Cookie": cookie, "Accept": "application/json"})
    answer = connection.getresponse()
    body = answer.read()
    assert answer.status == 200, body[:200]
    found: dict[str, Any] = json.loads(body)
    return found


if __name__ == "__main__":
    main()
