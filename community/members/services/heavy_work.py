"""Work of the processor, done where it holds nobody else up."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TypeVar

Result = TypeVar("Result")


def beside_the_loop(work: Callable[[], Result]) -> Result:
    """Do it in a real thread where one loop serves everybody, else here.

    Args:
        work: must not ask for the request or the program at hand; the thread knows neither.
    """
    monkey = sys.modules.get("gevent.monkey")
    if monkey is None or not monkey.is_module_patched("socket"):
        return work()
    import gevent  # noqa: PLC0415 - only where the server runs on it

    return gevent.get_hub().threadpool.apply(work)
