"""Looks at the installation as a whole and says what wants somebody's attention."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.metadata import version

import sqlalchemy as sa
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

from community.kernel import clock, housekeeping, metrics, realtime, settings
from community.kernel.db import session
from community.kernel.schema import State, state
from community.status import queries

WORK_WAITS = timedelta(minutes=2)
BACKUP_AGES = timedelta(hours=36)
LEAST_FREE = 0.1  # of the disk on which the data folder lies
COUNT_SECONDS = 2.0


@dataclass(frozen=True)
class Worry:
    """Something that wants attention: a name for it, and the figure that says how much."""

    name: str
    figure: float = 0


@dataclass(frozen=True)
class Look:
    """How the installation is now."""

    worries: Sequence[Worry]
    version: str
    database: str
    database_bytes: int
    database_ms: float
    schema: State
    has_bus: bool
    live_clients: int
    requests: int
    errors: int
    outbox: queries.Outbox
    given_up: Sequence[queries.GivenUp]
    overdue: dict[str, int]
    last_backup_at: datetime | None
    entries_of_proof: int
    free_bytes: int
    at: datetime


def look() -> Look:
    """Look at everything that an administrator is asked about."""
    begun = time.perf_counter()
    session().execute(sa.text("select 1"))
    answered = (time.perf_counter() - begun) * 1000
    count_live_clients()
    here = settings.current()
    disk = shutil.disk_usage(here.data_dir)
    outbox, overdue = queries.outbox(), queries.overdue_by_desk()
    backup, standing = queries.last_backup_at(), state()
    return Look(
        worries=[
            *_of_the_machine(free=disk.free / disk.total, schema=standing),
            *_of_the_work(outbox, overdue, backup),
        ],
        version=version("roundtable-community"),
        database=session().get_bind().dialect.name,
        database_bytes=queries.database_bytes(),
        database_ms=answered,
        schema=standing,
        has_bus=realtime.has_other_processes(),
        live_clients=int(metrics.total("community_live_clients")),
        requests=int(metrics.total("community_requests_total")),
        errors=int(metrics.total("community_requests_total", status="500")),
        outbox=outbox,
        given_up=queries.given_up(),
        overdue=overdue,
        last_backup_at=backup,
        entries_of_proof=queries.entries_of_proof(),
        free_bytes=disk.free,
        at=clock.now(),
    )


def _of_the_machine(*, free: float, schema: State) -> Iterator[Worry]:
    if not realtime.is_bus_up():
        yield Worry("bus")
    if schema is State.BEHIND:
        yield Worry("behind")
    if schema is State.AHEAD:
        yield Worry("ahead")
    if free < LEAST_FREE:
        yield Worry("disk", round(free * 100))


def _of_the_work(
    outbox: queries.Outbox, overdue: dict[str, int], backup: datetime | None
) -> Iterator[Worry]:
    if outbox.oldest > WORK_WAITS:
        yield Worry("waiting", outbox.oldest.total_seconds() // 60)
    if outbox.given_up:
        yield Worry("given_up", outbox.given_up)
    if overdue:
        yield Worry("overdue", sum(overdue.values()))
    if backup is None:
        yield Worry("no_backup")
    elif clock.now() - backup > BACKUP_AGES:
        yield Worry("old_backup", (clock.now() - backup).total_seconds() // 3600)


class SiteWide:
    """What Prometheus is told about the database; the same from every machine."""

    def collect(self) -> Iterable[CounterMetricFamily | GaugeMetricFamily]:
        """Yield the figures as of now."""
        outbox = queries.outbox()
        yield CounterMetricFamily(
            "community_posts", "Posts that went out to spaces.", value=queries.posts_so_far()
        )
        yield GaugeMetricFamily(
            "community_outbox_due", "Work that is due and not done.", value=outbox.due
        )
        yield GaugeMetricFamily(
            "community_outbox_age_seconds",
            "How long the oldest work has been due.",
            value=outbox.oldest.total_seconds(),
        )
        yield GaugeMetricFamily(
            "community_outbox_given_up", "Work that was given up.", value=outbox.given_up
        )
        overdue = GaugeMetricFamily(
            "community_cases_overdue", "Open cases past a deadline.", labels=["desk"]
        )
        for desk, count in queries.overdue_by_desk().items():
            overdue.add_metric([desk], count)
        yield overdue
        backup = queries.last_backup_at()
        if backup is not None:
            yield GaugeMetricFamily(
                "community_last_backup_timestamp_seconds",
                "When the last backup was made.",
                value=backup.timestamp(),
            )


def figures() -> bytes:
    """Return every figure in Prometheus's text format."""
    count_live_clients()
    return metrics.show(SiteWide())


def count_live_clients() -> None:
    """Write down how many sockets are open in this process."""
    metrics.LIVE_CLIENTS.set(realtime.count_sockets())


housekeeping.every(COUNT_SECONDS, "count live clients", count_live_clients)
