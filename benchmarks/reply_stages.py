"""Where the time of a reply goes, stage by stage. `python -m benchmarks.reply_stages`.

The whole program in this process, on an empty SQLite file, asked through WSGI: no sockets and no
gunicorn, so the figures are lower than those of `benchmarks.replies`. Each stage is measured around
the function that does it, without what the stages inside it take, in milliseconds of processor
time; waiting for the disk is none. Beside it stands the reply of `benchmarks.lean_app`, measured
the same way in turns, for the machine is never the same twice.
"""

from __future__ import annotations

import functools
import importlib
import os
import secrets
import statistics
import tempfile
import time
import uuid
from collections import defaultdict
from collections.abc import Callable
from typing import Any

ADDRESS = "http://127.0.0.1"
WRITERS, WARM_UP, ROUNDS = 60, 60, 300
STAGES = {
    "thread and place": ["community.threads.queries:get_thread"],
    "rate limits": ["community.kernel.limits:spend"],
    "the same key": ["community.threads.queries:find_by_client_key"],
    "guardrails, what they ask": ["community.guardrails.services:judge"],
    "guardrails, the rules": ["community.guardrails.engine:evaluate"],
    "markup": ["community.kernel.markup:render"],
    "queue and verdict": ["community.threads.services.writing:settle"],
    "post, wording, number": ["community.threads.services.sending:_add_post"],
    "cases": ["community.threads.services.sending:route"],
    "draft, place of reading": ["community.threads.services.writing:put"],
    "commit": ["community.kernel.unit_of_work:commit"],
    "news to sockets": ["community.stream.services:_tell"],
    "answer, what it asks": [
        "community.threads.queries:post_views",
        "community.inquiries.queries:find_id_for_post",
        "community.stream.queries:find_last_of",
    ],
    "answer, fragment": ["community.threads.fragments:post_html"],
}
PLAIN = (
    "In my clinic I begin with the lowest dose and ask for the **pressure while standing** after "
    "two weeks; only then do I go on. What do you do with people above eighty? Here the nurse "
    "takes it twice, once after a minute and once after three, and writes both on a card. I would "
    "like to hear from those who do it by telephone, and how often they are surprised by what the "
    "next visit shows. Who plans it so?"
)
TO_SAFETY = PLAIN.replace("Here the nurse", "We had a few who felt faint, so the nurse")
Send = Callable[[str], None]


class Watch:
    """Milliseconds of processor time by stage, each without what it calls."""

    def __init__(self) -> None:
        """Nothing measured yet."""
        self.spent: defaultdict[str, float] = defaultdict(float)
        self._inner: list[float] = [0.0]

    def around(self, stage: str, act: Callable[..., Any]) -> Callable[..., Any]:
        """The same function, measured."""

        @functools.wraps(act)
        def measured(*args: Any, **kwargs: Any) -> Any:
            begun = time.thread_time()
            self._inner.append(0.0)
            try:
                return act(*args, **kwargs)
            finally:
                taken = time.thread_time() - begun
                self.spent[stage] += (taken - self._inner.pop()) * 1e3
                self._inner[-1] += taken

        return measured

    def put_on(self, stages: dict[str, list[str]]) -> None:
        """Measure these functions, given as `module:name`, from now on."""
        for stage, names in stages.items():
            for name in names:
                module, _, attribute = name.partition(":")
                owner = importlib.import_module(module)
                setattr(owner, attribute, self.around(stage, getattr(owner, attribute)))


def main() -> None:
    """Print the stages of a reply that goes out and of one that Safety must know of."""
    with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
        os.environ |= {
            "COMMUNITY_MODE": "production",
            "COMMUNITY_SECRET_KEY": secrets.token_urlsafe(32),
            "COMMUNITY_DATA_DIR": folder,
            "COMMUNITY_DATABASE_URL": "",
            "COMMUNITY_REDIS_URL": "",
            "COMMUNITY_BASE_URL": ADDRESS,
            "BENCH_READERS": str(WRITERS),
        }
        watch = Watch()
        ours, lean = _product(watch), _lean()
        for name, text in (("goes out", PLAIN), ("goes out, and to Safety", TO_SAFETY)):
            _report(name, text, ours, lean, watch)


def _product(watch: Watch) -> Send:
    from benchmarks.thread_page_app import create  # noqa: PLC0415 - reads the settings at once
    from community.kernel import unit_of_work  # noqa: PLC0415

    app = create()
    watch.put_on(STAGES)
    writers = unit_of_work._writers  # noqa: SLF001 - each of them is a stage
    writers[:] = [(rank, kind, watch.around(f"commit: {kind}", w)) for rank, kind, w in writers]
    gates = app.before_request_funcs[None]
    gates[:] = [watch.around("gate and session", gate) for gate in gates]
    app.wsgi_app = watch.around("Flask, form, JSON", app.wsgi_app)  # type: ignore[method-assign]
    return _sender(app, WRITERS, {"Origin": ADDRESS})


def _lean() -> Send:
    from benchmarks.lean_app import create  # noqa: PLC0415 - reads the settings at once

    return _sender(create(), 1, {})


def _sender(app: Any, count: int, headers: dict[str, str]) -> Send:
    clients = []
    for number in range(count):
        client = app.test_client()
        signed_in = client.get(f"/bench/sign-in/{number}", base_url=ADDRESS).get_json()
        clients.append((client, {**headers, "X-CSRFToken": signed_in["csrf"]}))

    def send(text: str) -> None:
        client, own = clients[0]
        clients.append(clients.pop(0))  # they take turns, for nobody may write without end
        answer = client.post(
            "/threads/1/posts",
            base_url=ADDRESS,
            json={"text": f"{text} {uuid.uuid4().hex[:4]}", "client_key": str(uuid.uuid4())},
            headers={**own, "Accept": "application/json"},
        )
        if answer.status_code != 201:
            raise RuntimeError(f"a reply was answered {answer.status_code}: {answer.data[:200]!r}")

    return send


def _report(name: str, text: str, ours: Send, lean: Send, watch: Watch) -> None:
    for _ in range(WARM_UP):
        ours(text)
        lean(text)
    watch.spent.clear()
    taken: dict[Send, list[float]] = {ours: [], lean: []}
    for _ in range(ROUNDS):
        for send, times in taken.items():
            begun = time.thread_time()
            send(text)
            times.append((time.thread_time() - begun) * 1e3)
    middle, yardstick = statistics.median(taken[ours]), statistics.median(taken[lean])
    print(f"\nA reply of {len(text)} characters that {name}: {middle:.2f} ms, median.")
    print(f"A lean reply: {yardstick:.2f} ms, {yardstick / middle:.2f} of it.\n")
    for stage, spent in sorted(watch.spent.items(), key=lambda pair: -pair[1]):
        print(f"  {stage:28} {spent / ROUNDS:6.2f} ms")


if __name__ == "__main__":
    main()
