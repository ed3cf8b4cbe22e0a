"""Real servers for the tests: PostgreSQL, Redis and a browser, each started when first wanted.

A pytest plugin. One PostgreSQL serves the whole run, xdist's workers included; Redis and the
browser are one a worker. The run's first process stops what is left, also after failures.
"""

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.servers.browser import CHROMIUM_FLAGS, chrome_path, running_chromium
from tests.servers.postgres import (
    PostgresServer,
    fresh_postgres,
    postgres_template,
    shared_postgres,
    stop_shared_postgres,
)
from tests.servers.redis import RedisServer, running_redis, stop_left_over_redis
from tests.servers.run_folder import make_run_folder, run_folder

__all__ = [
    "CHROMIUM_FLAGS",
    "PostgresServer",
    "RedisServer",
    "chrome_path",
    "fresh_postgres",
    "postgres_template",
    "running_chromium",
    "running_redis",
]


def pytest_configure(config: pytest.Config) -> None:
    """Make the folder that the run's workers share."""
    if not hasattr(config, "workerinput"):
        make_run_folder()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop what is still running, and remove the folder."""
    if not hasattr(config, "workerinput"):
        stop_left_over_redis()
        stop_shared_postgres()
        shutil.rmtree(run_folder(), ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_server() -> PostgresServer:
    """The run's PostgreSQL: take a database by `fresh_postgres`."""
    return shared_postgres()


@pytest.fixture(scope="session")
def redis_server() -> Iterator[RedisServer]:
    """This worker's Redis; a test that stops one takes its own by `running_redis`."""
    with running_redis() as server:
        yield server


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """This worker's browser; each test opens contexts of its own in it."""
    with running_chromium() as browser:
        yield browser
