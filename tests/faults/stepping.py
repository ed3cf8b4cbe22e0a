"""Gunicorn's settings as the site has them, and a clock that jumps to where a file says.

`CLOCK_FILE` names a file with the seconds to add to the true time. Both the program's own clock
and what libraries read (`time.time`) jump; the clock that counts durations does not, as on a
machine whose clock is set.
"""

from __future__ import annotations

import contextlib
import os
import runpy
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

# Nothing else is imported before: these settings patch the standard library.
_SITE = Path(__file__).parents[2] / "community" / "kernel" / "server.py"
_settings = runpy.run_path(str(_SITE))
globals().update({name: value for name, value in _settings.items() if not name.startswith("_")})

_FILE = Path(os.environ["CLOCK_FILE"])
_LOOK_SECONDS = 0.05
_true_time = time.time
_shift = 0.0


def post_worker_init(worker: Any) -> None:
    """Start the worker as ever, with its eye on the clock's file."""
    import gevent  # noqa: PLC0415 - patched by the settings above

    time.time = lambda: _true_time() + _shift
    gevent.spawn(_follow)
    _settings["post_worker_init"](worker)


def _follow() -> None:
    import gevent  # noqa: PLC0415

    from community.kernel import clock  # noqa: PLC0415

    global _shift  # noqa: PLW0603 - the one clock of the process
    while True:
        with clock.moved(timedelta(seconds=_shift)):
            while (wanted := _wanted()) == _shift:
                gevent.sleep(_LOOK_SECONDS)
        _shift = wanted


def _wanted() -> float:
    with contextlib.suppress(OSError, ValueError):
        return float(_FILE.read_text())
    return _shift
