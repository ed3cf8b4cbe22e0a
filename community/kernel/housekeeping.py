"""What a server process does between requests, each chore at its own pace."""

from __future__ import annotations

import logging
import random
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from flask import Flask

from community.kernel import logs, metrics, unit_of_work

log = logging.getLogger(__name__)


@dataclass
class Chore:
    """Something done again and again. `per_site`: by one process of the whole installation."""

    name: str
    seconds: float
    act: Callable[[], object]
    per_site: bool
    due: threading.Event = field(default_factory=threading.Event)


_chores: dict[str, Chore] = {}


def every(seconds: float, name: str, act: Callable[[], object], *, per_site: bool = False) -> None:
    """Register a chore.

    Args:
        seconds: the pause after each time.
        name: of the chore, for the log and for `wake`.
        act: called in the program's context; what it leaves uncommitted is forgotten.
        per_site: one process does it for all, so every process need not.
    """
    _chores[name] = Chore(name, seconds, act, per_site)


def wake(name: str) -> None:
    """Do a chore now instead of after its pause."""
    chore = _chores.get(name)
    if chore is not None:
        chore.due.set()


def chores(*, per_site: bool | None = None) -> list[Chore]:
    """Return the registered chores, or only those of one kind."""
    return [chore for chore in _chores.values() if per_site in {None, chore.per_site}]


def start(app: Flask, wanted: list[Chore]) -> Callable[[], None]:
    """Begin with chores, each in a thread of its own; return what ends them.

    Under gevent these threads are greenlets.
    """
    stopping = threading.Event()
    for chore in wanted:
        threading.Thread(
            target=_keep_doing, args=(app, chore, stopping), name=chore.name, daemon=True
        ).start()

    def stop() -> None:
        stopping.set()
        for chore in wanted:
            chore.due.set()

    return stop


def _keep_doing(app: Flask, chore: Chore, stopping: threading.Event) -> None:
    # Processes that start together must not do everything together for ever.
    chore.due.wait(chore.seconds * random.random())  # noqa: S311 - a pause is no secret
    while not stopping.is_set():
        chore.due.clear()
        do_once(app, chore)
        if not stopping.is_set():
            chore.due.wait(chore.seconds)


def do_once(app: Flask, chore: Chore) -> None:
    """Do a chore now; a failure is logged, and the next time is another try."""
    logs.begin_request()
    with app.app_context():
        try:
            chore.act()
        except Exception:
            log.exception("chore %s failed", chore.name)
            metrics.CHORE_FAILURES.labels(chore.name).inc()
        finally:
            unit_of_work.rollback()
