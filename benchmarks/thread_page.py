"""The pages that are read most, beside a lean page. `python -m benchmarks.thread_page`.

The whole program behind gunicorn, one process, on SQLite, pinned to one core, and there in turn the
yardstick of `benchmarks.lean_app`, so that the ratios hold where the machine is shared. The thread
has 20 posts of three paragraphs, its space 20 threads; who asks is signed in. Again is a page that
the same browser has read before since it changed, warm one that only others have read, cold one of
which nothing drawn was kept: every request asks the server to forget first. Figures are printed,
and are of the machine they were taken on.
"""

from __future__ import annotations

import argparse
import os

from benchmarks.pressing import Figures, press, request_for
from benchmarks.readers import fetch
from benchmarks.serving import LEAN, Served, served
from benchmarks.thread_page_app import ALL, FORGET, PAGES

YARDSTICK = "lean page"
WARM_UP = 1.0


def main() -> None:
    """Measure each page with one client and with several."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, nargs="+", default=[1, 8])
    parser.add_argument("--seconds", type=float, default=2.0, help="of a round")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    cores = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {cores[-1]})
    with (
        served("benchmarks.thread_page_app:create()", cores[0]) as product,
        served("benchmarks.lean_app:create()", cores[0], how=LEAN) as lean,
    ):
        pages = {YARDSTICK: (lean, _request(lean, "/threads/1"))} | _pages_of(product)
        for server, request in pages.values():
            press(server, request, clients=1, seconds=WARM_UP, figures=Figures())
        print(f"{'page':22} clients  requests/s  to lean   p50 ms   p95 ms  CPU ms      KB")
        for clients in options.clients:
            _compare(pages, clients, options.rounds, options.seconds)


def _pages_of(product: Served) -> dict[str, tuple[Served, bytes]]:
    return {
        name: (product, _request(product, path, **headers))
        for name, path, headers in (
            ("thread, 20 posts, again", "/threads/1", {}),
            ("thread, 20 posts, warm", "/threads/1", {FORGET: PAGES}),
            ("thread, 20 posts, cold", "/threads/1", {FORGET: ALL}),
            ("space, 20 rows, again", "/spaces/bench", {}),
            ("space, 20 rows, warm", "/spaces/bench", {FORGET: PAGES}),
            ("space, 20 rows, cold", "/spaces/bench", {FORGET: ALL}),
            ("home, again", "/", {}),
            ("home, warm", "/", {FORGET: PAGES}),
            ("empty view", "/bench/empty", {}),
        )
    }


def _request(server: Served, path: str, **headers: str) -> bytes:
    _, cookie = fetch(server.address, "/bench/sign-in/0")
    return request_for(server.address, path, {"Cookie": cookie, **headers})


def _compare(
    pages: dict[str, tuple[Served, bytes]], clients: int, rounds: int, seconds: float
) -> None:
    found = {name: Figures() for name in pages}
    for _ in range(rounds):
        for name, (server, request) in pages.items():
            press(server, request, clients=clients, seconds=seconds, figures=found[name])
    lean = found[YARDSTICK].a_second
    for name, each in found.items():
        print(
            f"{name:22} {clients:7} {each.a_second:11.1f} {each.a_second / lean:8.2f} "
            f"{each.p50:8.1f} {each.p95:8.1f} {each.cpu_ms:7.2f} {each.size / 1024:7.1f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
