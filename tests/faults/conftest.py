"""The scenes: one process on SQLite, and two with PostgreSQL and Redis between them.

`FAULT_ROUNDS` plays each fault so many times, with the longer crowds and over either transport;
the counts are printed.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.engine import make_url

from community import create_app
from community.config import Settings
from community.kernel.db import db
from tests.faults.machines import Machine, Server, Site, background, free_port, server
from tests.faults.post_office import PostOffice, open_post_office
from tests.faults.scene import Scene
from tests.servers.postgres import OwnPostgres, running_postgres
from tests.servers.redis import RedisServer, running_redis
from tests.stage import build_database, hurry, settings_for

pytest.register_assert_rewrite("tests.faults.laws")

STEPPING = Path(__file__).parent / "stepping.py"
# As the program has it, but sooner: nobody wants to wait for a minute.
STANDSTILL = "-c idle_in_transaction_session_timeout=6s"
ROUNDS = int(os.environ.get("FAULT_ROUNDS", "0"))


Tell = Callable[[object], None]


@dataclass(frozen=True)
class Size:
    """How many people there are, how many sockets at a restart, and how often a process dies.

    And for how many seconds at least Redis stays away.
    """

    crowd: int
    sockets: int
    kills: int
    away: float


@dataclass(kw_only=True)
class Alone(Scene):
    """A scene with one server, whose clock can be set."""

    server: Server
    clock_file: Path

    def set_clock(self, seconds: float) -> None:
        """Set the server's clock to so many seconds before or after the true time."""
        ahead = self.clock_file.with_suffix(".new")
        ahead.write_text(str(seconds))
        ahead.rename(self.clock_file)


@dataclass(kw_only=True)
class Joined(Scene):
    """A scene with two servers, a worker, and what stands between and below them."""

    redis: RedisServer
    postgres: OwnPostgres
    worker: Machine


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Play each fault once, or as often as it is wished."""
    if "turn" in metafunc.fixturenames:
        metafunc.parametrize("turn", range(max(1, ROUNDS)))


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Tell the counts of a run that was made to count, or asked to say more (`-v`)."""
    if not (ROUNDS or terminalreporter.verbosity > 0):
        return
    terminalreporter.section("counts of each fault")
    for outcome in ("passed", "failed"):
        for report in terminalreporter.stats.get(outcome, []):
            for name, value in report.user_properties:
                if name == "counts":
                    terminalreporter.write_line(f"{report.nodeid.partition('::')[2]}: {value}")


@pytest.fixture
def tell(request: pytest.FixtureRequest) -> Tell:
    """Take what a test has counted, to be told at the end of the run."""
    return lambda counts: request.node.user_properties.append(("counts", str(counts)))


@pytest.fixture(scope="session")
def size() -> Size:
    """How large the crowds are."""
    return Size(50, 300, 3, 60.0) if ROUNDS else Size(16, 50, 1, 0.0)


@contextlib.contextmanager
def _program(settings: Settings) -> Generator[Any]:
    """Give the same program in this process, on the same database."""
    app = create_app(replace(settings, redis_url=""))
    hurry(app)
    try:
        yield app
    finally:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


@contextlib.contextmanager
def _running(site: Site) -> Generator[None]:
    try:
        site.start()
        yield
    finally:
        site.stop()


@pytest.fixture(scope="session", params=("direct", "stock") if ROUNDS else ("direct",))
def transport(request: pytest.FixtureRequest) -> str:
    """How sockets are served: by our own path; where there is time, by the stock one as well."""
    return str(request.param)


@pytest.fixture(scope="session")
def alone(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, transport: str
) -> Iterator[Alone]:
    """One process on SQLite, which does all the work."""
    folder = tmp_path_factory.mktemp("alone")
    shutil.copy(sqlite_template, folder / "community.sqlite3")
    port = free_port()
    with open_post_office() as office:
        plain = settings_for(f"sqlite:///{folder / 'community.sqlite3'}", folder)
        settings = _settings(plain, office, port, transport)
        one, clock_file = server(settings, folder, port=port, config=STEPPING), folder / "clock"
        one.variables["CLOCK_FILE"] = str(clock_file)
        site = Site([one])
        with _program(settings) as app, _running(site):
            yield Alone(site=site, app=app, office=office, server=one, clock_file=clock_file)


@pytest.fixture(scope="session")
def joined(tmp_path_factory: pytest.TempPathFactory, transport: str) -> Iterator[Joined]:
    """Two servers on PostgreSQL with Redis between them, and a worker."""
    folder = tmp_path_factory.mktemp("joined")
    ports = (free_port(), free_port())
    with running_postgres() as postgres, running_redis() as redis, open_post_office() as office:
        build_database(postgres.url)
        url = make_url(postgres.url).update_query_dict({"options": STANDSTILL})
        plain = settings_for(url.render_as_string(hide_password=False), folder)
        settings = _settings(plain, office, ports[0], transport)
        settings = replace(settings, redis_url=redis.url)
        worker = background(settings, folder)
        site = Site([server(settings, folder, port=port) for port in ports], [worker])
        with _program(settings) as app, _running(site):
            yield Joined(
                site=site, app=app, office=office, redis=redis, postgres=postgres, worker=worker
            )


def _settings(plain: Settings, office: PostOffice, port: int, transport: str) -> Settings:
    return replace(
        plain, mail_url=office.url, base_url=f"http://127.0.0.1:{port}", transport=transport
    )
