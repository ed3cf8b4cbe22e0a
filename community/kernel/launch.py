"""Becoming the server: the process of the command is replaced by that of gunicorn."""

from __future__ import annotations

import os
import sys
from pathlib import Path

# By its path: by name it would import the program before gevent has patched Python.
SERVER = Path(__file__).parent / "server.py"


def run_server(bind: str, *, workers: int = 1, reload: bool = False) -> None:
    """Become the server: gunicorn, which patches its workers before it loads the program."""
    os.environ["COMMUNITY_ASYNC"] = "gevent"
    os.environ["COMMUNITY_WORKERS"] = str(workers)
    how = [*arguments(bind, workers=workers), *(["--reload"] if reload else [])]
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-m", "gunicorn", *how])  # noqa: S606 - becomes it


def arguments(bind: str, *, workers: int = 1) -> list[str]:
    """Return what gunicorn is started with."""
    return [
        "--config", f"file:{SERVER}",
        "--bind", bind,
        "--workers", str(workers),
        "community:create_app()",
    ]  # fmt: skip
