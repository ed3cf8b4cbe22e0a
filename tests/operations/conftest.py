"""A log that a test can read."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator

import pytest

from community.kernel import logs


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What a server process would have logged, as it would have."""
    root, own = logging.getLogger(), logging.getLogger("community")
    before = root.handlers[:], root.level, own.level
    written = io.StringIO()
    logs.configure(as_json=True, level="debug", stream=written)
    yield written
    root.handlers[:], root.level = before[0], before[1]
    own.setLevel(before[2])
    logging.captureWarnings(capture=False)
