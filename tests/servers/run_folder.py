"""The folder that one test run shares over all its workers, and a lock over them."""

import contextlib
import fcntl
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

_VARIABLE = "ROUNDTABLE_TEST_SERVICES"


def make_run_folder() -> None:
    """Make the folder; processes started from here on know it by the environment."""
    folder = tempfile.mkdtemp(prefix="rt-")
    Path(folder).chmod(0o755)  # PostgreSQL may run as somebody else in there
    os.environ[_VARIABLE] = folder


def run_folder() -> Path:
    """Give the folder of this run."""
    return Path(os.environ[_VARIABLE])


@contextlib.contextmanager
def one_at_a_time(name: str) -> Iterator[None]:
    """Hold a lock over all workers of this run."""
    with (run_folder() / f"{name}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
