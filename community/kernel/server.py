"""How gunicorn runs the program: `gunicorn --config <this file> "community:create_app()"`.

Given to gunicorn by its path, because importing it by name would import the program before
gevent has patched the standard library. One process serves pages and sockets alike; several
need Redis between them. Read from the environment: `COMMUNITY_BIND` (default 127.0.0.1:8000),
`COMMUNITY_WORKERS` (default 1), `COMMUNITY_REDIS_URL`, and how to log (`kernel/logs.py`).
"""

from __future__ import annotations

import gc
import os
import shutil
import signal
import sys
import tempfile
from typing import Any

from gevent import monkey

monkey.patch_all()

import gevent  # noqa: E402 - the patch comes first
from gunicorn.glogging import Logger  # type: ignore[import-untyped]  # noqa: E402

from community.kernel import logs, serving  # noqa: E402

logs.configure_from(os.environ)
os.umask(0o077)  # as the command line has it, also where gunicorn is started by itself

# Each greenlet would keep where it was started from, for a debugger; each open socket is one.
gevent.config.track_greenlet_tree = False

workers = int(os.environ.get("COMMUNITY_WORKERS", "1"))
if workers > 1 and not os.environ.get("COMMUNITY_REDIS_URL"):
    sys.exit(
        f"{workers} server processes need Redis between them: set COMMUNITY_REDIS_URL, "
        "or leave COMMUNITY_WORKERS at 1."
    )

bind = [os.environ.get("COMMUNITY_BIND", "127.0.0.1:8000")]
worker_class = "gevent"
worker_connections = 10_000  # every open socket counts as one
timeout = 60
graceful_timeout = 10  # for answers that have been begun; open sockets do not count
keepalive = 15
control_socket_disable = True
proc_name = "roundtable"
loglevel = "warning"
# Who connects from where is the program's to judge (COMMUNITY_TRUSTED_PROXIES), not gunicorn's.
forwarded_allow_ips = ""

LOOK_SECONDS = 0.1
MOST_UNLOOKED = 10_000  # new objects before the young ones are looked through; a page makes some

# Each worker keeps its figures in a file there, and whoever is asked adds them up.
if not os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = tempfile.mkdtemp(prefix="roundtable-figures-")


class logger_class(Logger):  # type: ignore[misc]  # noqa: N801 - gunicorn names its settings so
    """Gunicorn's own words go where all others go."""

    def setup(self, cfg: Any) -> None:
        """Leave the writing to the logs of the program."""
        super().setup(cfg)
        for each in (self.error_log, self.access_log):
            each.handlers.clear()
            each.propagate = True


def on_starting(_server: Any) -> None:
    """Say, for as long as any worker lives, that the data folder is in use."""
    serving.hold(os.environ)


def child_exit(_server: Any, worker: Any) -> None:
    """Forget what a worker that has gone had open."""
    from prometheus_client import multiprocess  # noqa: PLC0415 - not in the master before

    multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]


def on_exit(server: Any) -> None:
    """Remove the figures, unless a successor goes on with them."""
    if not server.reexec_pid:
        shutil.rmtree(os.environ["PROMETHEUS_MULTIPROC_DIR"], ignore_errors=True)


def take_turns(answer: Any) -> Any:
    """Give other greenlets a turn before each request of a WSGI program.

    A connection whose requests never wait (SQLite, caches) would otherwise be served again and
    again while the others stand in line.
    """

    def call(environ: dict[str, Any], start_response: Any) -> Any:
        gevent.sleep(0)
        return answer(environ, start_response)

    return call


def _spare_the_collector() -> None:
    """Let Python look for garbage among what comes and goes, and not each time through it all.

    What the program is made of stays as long as it does. Looking through it took a tenth of the
    time of every page.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(MOST_UNLOOKED)


def post_worker_init(worker: Any) -> None:
    """Start the chores, and see to it that open sockets do not hold up a stop."""
    from community.kernel import housekeeping  # noqa: PLC0415 - known only once it is loaded

    for stop in (signal.SIGINT, signal.SIGQUIT):  # Ctrl C: end what is under way, leave no trace
        signal.signal(stop, worker.handle_exit)
    _spare_the_collector()
    program = worker.wsgi
    alone = not os.environ.get("COMMUNITY_REDIS_URL")
    wanted = housekeeping.chores() if alone else housekeeping.chores(per_site=False)
    stop_chores = housekeeping.start(program, wanted)
    gevent.spawn(_close_sockets_at_stop, worker, program, stop_chores)
    worker.wsgi = take_turns(program.wsgi_app)


def _close_sockets_at_stop(worker: Any, program: Any, stop_chores: Any) -> None:
    while worker.alive:
        gevent.sleep(LOOK_SECONDS)
    stop_chores()
    program.extensions["realtime"].close()
