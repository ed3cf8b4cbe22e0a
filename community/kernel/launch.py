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
    arguments = [
        sys.executable, "-m", "gunicorn",
        "--config", f"file:{SERVER}",
        "--bind", bind,
        "--workers", str(workers),
        *(["--reload"] if reload else []),
        "community:create_app()",
    ]  # fmt: skip
    sys.stdout.flush()
    os.execv(sys.executable, arguments)  # noqa: S606 - becomes the server
