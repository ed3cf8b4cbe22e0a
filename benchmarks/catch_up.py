"""All pages come back at once, as after a restart, and catch up. `python -m benchmarks.catch_up`.

The whole program behind gunicorn, on SQLite, pinned to one core. Many pages watch a thread; their
sockets are cut, some news is missed, and all of them connect, watch and ask the stream for what
they have missed, as fast as they are served. What browsers add, up to two seconds that they spread
themselves over, is left out. Figures are printed, and are of the machine they were taken on.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import queue
import threading
import time

from benchmarks.readers import SOCKETS_A_READER, connect, fetch
from benchmarks.serving import Served, served

AT_ONCE = 16  # connections that are opened side by side
MISSED = 10


def main() -> None:
    """Measure each number of pages."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sockets", type=int, nargs="+", default=[100, 500])
    options = parser.parse_args()
    cores = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {cores[-1]})
    print("pages   all back after, s   CPU ms a page   events each")
    for count in options.sockets:
        people = -(-count // SOCKETS_A_READER)
        with served(
            "benchmarks.fan_out_app:create()", cores[0], BENCH_READERS=str(people)
        ) as server:
            fetch(server.address, "/bench/news/1")
            print(_measure(server, count, people), flush=True)


def _measure(server: Served, count: int, people: int) -> str:
    seats: list[tuple[str, str]] = []
    for number in range(people):
        body, cookie = fetch(server.address, f"/bench/sign-in/{number}")
        seats.append((cookie, body["csrf"]))
    head = _ask(http.client.HTTPConnection(server.address, timeout=60), seats[0][0], 0)["head"]
    _come_back(server, seats, count, head)
    for _ in range(MISSED):
        fetch(server.address, "/bench/news/1")
    time.sleep(1.0)
    cpu, begun = server.cpu, time.monotonic()
    events = _come_back(server, seats, count, head)
    seconds = time.monotonic() - begun
    each = (server.cpu - cpu) / count * 1e3
    return f"{count:5} {seconds:19.2f} {each:15.2f} {events / count:13.1f}"


def _come_back(server: Served, seats: list[tuple[str, str]], count: int, after: int) -> int:
    """Let so many pages connect, watch and ask; return how many events they were told in all."""
    waiting: queue.SimpleQueue[tuple[str, str]] = queue.SimpleQueue()
    for number in range(count):
        waiting.put(seats[number % len(seats)])
    told: list[int] = []

    def serve_some() -> None:
        asking = http.client.HTTPConnection(server.address, timeout=60)
        sockets = []
        while True:
            try:
                cookie, csrf = waiting.get_nowait()
            except queue.Empty:
                break
            sockets.append(connect(server.address, cookie, csrf))
            told.append(len(_ask(asking, cookie, after)["events"]))
        for one in sockets:
            one.close()

    threads = [threading.Thread(target=serve_some) for _ in range(AT_ONCE)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(told) == count
    return sum(told)


def _ask(connection: http.client.HTTPConnection, cookie: str, after: int) -> dict[str, object]:
    path = f"/spaces/bench/stream?after={after}&thread=1"
    connection.request("GET", path, headers={"Cookie": cookie, "Accept": "application/json"})
    answer = connection.getresponse()
    body = answer.read()
    assert answer.status == 200, body[:200]
    found: dict[str, object] = json.loads(body)
    return found


if __name__ == "__main__":
    main()
