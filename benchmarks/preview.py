"""The verdict at a pause in typing, end to end. `python -m benchmarks.preview`.

The whole program behind gunicorn, on SQLite, pinned to one core; on the other a member whose
browser sends a draft of 2,000 characters in a thread of 200 posts, each time with another word, as
one does who types. Half of the drafts quote the thread, which makes its texts be read. Figures are
printed, and are of the machine they were taken on; the promise is 100 ms.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import statistics
import time

from benchmarks.replies import TEXT
from benchmarks.serving import served

LENGTH, POSTS, A_MINUTE = 2_000, 200, 110
QUOTE = "> In my clinic I begin with the lowest dose\n\n"


def main() -> None:
    """Measure previews with and without a quote."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--previews", type=int, default=A_MINUTE // 2)
    options = parser.parse_args()
    cores = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {cores[-1]})
    with served("benchmarks.thread_page_app:create()", cores[0], BENCH_POSTS=str(POSTS)) as server:
        typist = Typist(server.address)
        print(f"draft of {LENGTH} characters in {POSTS} posts   p50 ms   p95 ms   worst")
        for name, begins in (("without a quote", ""), ("with a quote", QUOTE)):
            times = [typist.pause(begins, number) for number in range(options.previews)]
            p95 = statistics.quantiles(times, n=20)[18]
            print(f"{name:43} {statistics.median(times):6.1f}   {p95:6.1f}  {max(times):6.1f}")


class Typist:
    """A member who types, over one connection that stays open."""

    def __init__(self, address: str) -> None:
        self.connection = http.client.HTTPConnection(address, timeout=60)
        self.connection.request("GET", "/bench/sign-in/1")
        answer = self.connection.getresponse()
        token = json.loads(answer.read())["csrf"]
        self.headers = {
            "Content-Type": "application/json",
            "Accept": "application/json",
            "Cookie": (answer.getheader("Set-Cookie") or "").partition(";")[0],
            "X-CSRFToken": token,
        }
        self.pause("", -1)  # the first one loads the rules

    def pause(self, begins: str, number: int) -> float:
        """Ask once, as at a pause in typing; return the milliseconds until the answer is read."""
        draft = f"{begins}{number} {TEXT * 10}"[:LENGTH]
        begun = time.perf_counter()
        self.connection.request(
            "POST", "/threads/1/preview", json.dumps({"text": draft}), self.headers
        )
        answer = self.connection.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{answer.status}: {body[:200]!r}")
        return (time.perf_counter() - begun) * 1e3


if __name__ == "__main__":
    main()
