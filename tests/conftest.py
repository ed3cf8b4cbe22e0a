"""The stage: an app on its own database, the cast on it, and what tests do with them.

Services, access, queries and streams are played on SQLite and on PostgreSQL, pages on SQLite.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from community import create_app
from community.config import Settings
from tests.servers.postgres import PostgresServer, fresh_postgres, postgres_template
from tests.stage import Stage, Visitor, build_database, hurry, settings_for

pytest_plugins = ["tests.services"]

ON_BOTH = ("test_services", "test_access", "test_queries", "test_stream", "test_law", "test_jobs")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Play a module on both databases where what it tests touches them."""
    if "database_kind" in metafunc.fixturenames:
        module = metafunc.module.__name__.rpartition(".")[2]
        both = module.startswith(ON_BOTH)
        metafunc.parametrize("database_kind", ["sqlite", "postgresql"] if both else ["sqlite"])


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A filled database, to be copied for each test."""
    path = tmp_path_factory.mktemp("template") / "community.sqlite3"
    build_database(f"sqlite:///{path}")
    return path


@pytest.fixture
def database_url(
    database_kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[str]:
    """A fresh database with the cast in it."""
    if database_kind == "sqlite":
        path = tmp_path / "community.sqlite3"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
    else:
        server: PostgresServer = request.getfixturevalue("postgres_server")
        template = postgres_template(server, "cast", build_database)
        with fresh_postgres(server, template=template) as url:
            yield url


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """How the app of this test runs."""
    return settings_for(database_url, tmp_path)


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """The program, on a fresh database."""
    made = create_app(settings)
    hurry(made)
    yield made
    from community.kernel.db import db  # noqa: PLC0415 - the app must be there first

    with made.app_context():
        db.engine.dispose()


@pytest.fixture
def stage(app: Flask) -> Iterator[Stage]:
    """The cast and their deeds, outside of any request."""
    with app.app_context():
        yield Stage(app)


@pytest.fixture
def visit(app: Flask) -> Callable[[str | None], Visitor]:
    """Browse as a member of the cast: `visit("amara").get("/")`; None is a stranger."""

    def as_member(who: str | None) -> Visitor:
        return Visitor(app, who)

    return as_member
