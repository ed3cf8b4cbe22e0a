"""Replies through the form to live readers: how soon each has them. `python -m benchmarks.replies`.

The whole program behind gunicorn, on SQLite, pinned to one core; on the other are the readers,
plain WebSockets, and the writers, keep-alive connections that send a reply of 400 characters with
their form token. In the path are the gate, access, sanitizing, guardrails, audit, stream and a
commit that waits for the disk. Beside it the reply of `benchmarks.lean_app`, over one connection as
well, in rounds that take turns. Figures are printed, and are of the machine they were taken on.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import statistics
import threading
import time
import uuid
from dataclasses import dataclass

from benchmarks.readers import SOCKETS_A_READER, Readers, fetch
from benchmarks.serving import LEAN, Served, served

STEADY_A_SECOND, ROUNDS = 5, 3
FEWEST = 12  # members; each may send 20 replies a minute
TEXT = (
    "In my clinic I begin with the lowest dose and ask for the **pressure while standing** after "
    "two weeks; only then do I go on. What do you do with people above eighty? Ours see the nurse "
    "on their way out, and she takes it twice, once after a minute and once after three minutes. "
    "I would like to hear from those who do it by telephone, and how often they are surprised by "
    "what the next visit shows."
)


def main() -> None:
    """Measure replies to each number of readers, and as many as one writer at a time can send."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sockets", type=int, nargs="+", default=[100])
    parser.add_argument("--replies", type=int, default=60)
    parser.add_argument("--transport", default="direct")
    options = parser.parse_args()
    cores = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {cores[-1]})
    print(
        "readers  answered p50, p95 ms   received p50, p95 ms   replies/s alone   lean replies/s"
        "   to lean   CPU ms   lean CPU ms"
    )
    for count in options.sockets:
        print(_measure(options.transport, count, options.replies, cores[0]), flush=True)


def _measure(transport: str, count: int, replies: int, core: int) -> str:
    environ = {
        "COMMUNITY_TRANSPORT": transport,
        "BENCH_READERS": str(max(-(-count // SOCKETS_A_READER), FEWEST)),
    }
    with (
        served("benchmarks.thread_page_app:create()", core, **environ) as server,
        served("benchmarks.lean_app:create()", core, how=LEAN) as lean_server,
    ):
        readers = Readers(server.address, count)
        answered, received = _steady(readers, replies)
        readers.close()
        product, lean = Writers(server.address), Writers(lean_server.address)
        alone, yardstick = Rate(), Rate()
        for _ in range(ROUNDS):
            alone.take(server, product, replies // ROUNDS)
            yardstick.take(lean_server, lean, replies // ROUNDS)
    return (
        f"{count:7}  {_percentiles(answered)}         {_percentiles(received)}"
        f"         {alone.a_second:15.1f} {yardstick.a_second:16.1f}"
        f" {alone.a_second / yardstick.a_second:9.2f} {alone.cpu_ms:8.2f} {yardstick.cpu_ms:13.2f}"
    )


@dataclass
class Rate:
    """Replies one after the other: how many, in how many seconds, of which of the processor."""

    replies: int = 0
    seconds: float = 0.0
    cpu: float = 0.0

    def take(self, server: Served, writers: Writers, count: int) -> None:
        """Send some more."""
        writers.send()  # the first after a pause finds everything asleep
        cpu, begun = server.cpu, time.monotonic()
        for _ in range(count):
            writers.send()
        self.seconds += time.monotonic() - begun
        self.cpu += server.cpu - cpu
        self.replies += count

    @property
    def a_second(self) -> float:
        """Replies a second."""
        return self.replies / self.seconds

    @property
    def cpu_ms(self) -> float:
        """Milliseconds of the server's processor for one reply."""
        return self.cpu / self.replies * 1e3


def _percentiles(seconds: list[float]) -> str:
    p50, p95 = statistics.median(seconds), statistics.quantiles(seconds, n=20)[18]
    return f"{p50 * 1e3:6.1f} {p95 * 1e3:6.1f}"


class Writers:
    """Signed-in members who take turns, so that nobody writes more than one may."""

    def __init__(self, address: str) -> None:
        self.connection = http.client.HTTPConnection(address, timeout=60)
        signed_in = [fetch(address, f"/bench/sign-in/{number}") for number in range(FEWEST)]
        self.sessions = [(cookie, body["csrf"]) for body, cookie in signed_in]
        self.turn = 0

    def send(self) -> float:
        """Send one reply; return the seconds until its answer."""
        cookie, token = self.sessions[self.turn % len(self.sessions)]
        self.turn += 1
        body = json.dumps({"text": f"{TEXT} {self.turn}.", "client_key": str(uuid.uuid4())})
        headers = {
            "Cookie": cookie,
            "X-CSRFToken": token,
            "Accept": "application/json",
            "Content-Type": "application/json",
        }
        begun = time.monotonic()
        self.connection.request("POST", "/threads/1/posts", body, headers)
        answer = self.connection.getresponse()
        seen = answer.read()
        if answer.status != 201:
            raise RuntimeError(f"a reply was answered {answer.status}: {seen[:200]!r}")
        return time.monotonic() - begun


def _steady(readers: Readers, replies: int) -> tuple[list[float], list[float]]:
    """Reply at an even pace; return the seconds to each answer and to each reader's receipt."""
    writers = Writers(readers.address)
    answered: list[float] = []
    received: list[float] = []
    for _ in range(replies):
        begun = time.monotonic()
        writing = threading.Thread(target=lambda: answered.append(writers.send()))
        writing.start()
        received += readers.collect(begun + 2.0, since=begun, wanted=readers.count)
        writing.join()
        time.sleep(max(0.0, begun + 1 / STEADY_A_SECOND - time.monotonic()))
    if len(received) != replies * readers.count:
        raise RuntimeError(f"{len(received)} receipts of {replies * readers.count}")
    return answered, received


if __name__ == "__main__":
    main()
