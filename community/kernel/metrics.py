"""What is counted and timed, for Prometheus: one set of figures over all workers of a machine.

Each worker keeps its figures in files of the folder `PROMETHEUS_MULTIPROC_DIR`, which the server
makes before it starts them; whoever is asked adds them up. Without that folder (tests, commands)
the figures are this process's own.
"""

from __future__ import annotations

import functools
import os
import time
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

CONTENT_TYPE = CONTENT_TYPE_LATEST
_QUICK = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0)
_REQUEST = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
_LAG = (0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 2.5, 10.0, 60.0)

REQUESTS = Counter("community_requests", "Requests answered.", ["method", "route", "status"])
REQUEST_SECONDS = Histogram(
    "community_request_seconds", "Time to answer a request.", ["route"], buckets=_REQUEST
)
VERDICT_SECONDS = Histogram(
    "community_verdict_seconds",
    "Time for the guardrails to judge a text.",
    ["moment"],
    buckets=_QUICK,
)
LIVE_CLIENTS = Gauge(
    "community_live_clients", "Open sockets of this machine.", multiprocess_mode="livesum"
)
EVENT_LAG_SECONDS = Histogram(
    "community_event_lag_seconds",
    "From the commit of an event until a process has handed it to its sockets.",
    buckets=_LAG,
)
CHORE_FAILURES = Counter("community_chore_failures", "Chores that failed.", ["chore"])

P = ParamSpec("P")
R = TypeVar("R")


def verdict(moment: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Time what judges texts at a moment: `sent` or `typed`."""

    def timed(judge: Callable[P, R]) -> Callable[P, R]:
        @functools.wraps(judge)
        def inside(*args: P.args, **kwargs: P.kwargs) -> R:
            begun = time.perf_counter()
            try:
                return judge(*args, **kwargs)
            finally:
                VERDICT_SECONDS.labels(moment).observe(time.perf_counter() - begun)

        return inside

    return timed


def show(*site_wide: Collector) -> bytes:
    """Return all figures in Prometheus's text format.

    Args:
        site_wide: what is looked up now, such as in the database.
    """
    registry = _gathered()
    for collector in site_wide:
        registry.register(collector)
    return generate_latest(registry)


def total(name: str, **labels: str) -> float:
    """Return one figure, added up over its other labels; 0 where nothing was counted."""
    return sum(
        sample.value
        for family in _gathered().collect()
        for sample in family.samples
        if sample.name == name and labels.items() <= sample.labels.items()
    )


def _gathered() -> CollectorRegistry:
    registry = CollectorRegistry()
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    else:
        registry.register(REGISTRY)
    return registry
