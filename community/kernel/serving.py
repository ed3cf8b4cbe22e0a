"""One lock that all processes of an installation share while they run.

Who must be alone with the database, such as a restore, asks for it alone. It is a lock on a file
of the data folder, so it says nothing about other machines; there PostgreSQL knows who is
connected. The kernel gives it back when the last process has ended, however it ended.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

NAME = "in-use.lock"

_held: list[int] = []  # descriptors, never closed: the lock goes with the process


class InUse(RuntimeError):
    """Another process of this installation is running."""


def hold(environ: Mapping[str, str]) -> None:
    """Share the lock until this process and those that it starts have ended."""
    hold_in(Path(environ.get("COMMUNITY_DATA_DIR", "var")).resolve())


def hold_in(folder: Path) -> None:
    """Share the lock of a data folder until this process has ended."""
    descriptor = _open(folder)
    fcntl.flock(descriptor, fcntl.LOCK_SH)
    _held.append(descriptor)


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Have a data folder to oneself.

    Raises:
        InUse: a server or a worker is running on it.
    """
    descriptor = _open(folder)
    try:
        _take_alone(descriptor, folder)
        yield
    finally:
        os.close(descriptor)


def _take_alone(descriptor: int, folder: Path) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as taken:
        raise InUse(str(folder)) from taken


def _open(folder: Path) -> int:
    folder.mkdir(parents=True, exist_ok=True)
    return os.open(folder / NAME, os.O_RDWR | os.O_CREAT, 0o600)
