"""The stage: an app on its own database, the cast on it, and what tests do with them.

Services, access, queries and streams are played on SQLite and on PostgreSQL, pages on SQLite.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from community.config import Settings
from tests.house import emptied, program_with
from tests.servers.postgres import PostgresServer, postgres_template
from tests.servers.rewound import rewound_postgres
from tests.stage import Stage, Visitor, build_database, settings_for

pytest_plugins = ["tests.services"]

ON_BOTH = ("test_services", "test_access", "test_queries", "test_stream", "test_law", "test_jobs")


LONG = ("faults", "journeys", "operations", "stream", "demo", "fuzz")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the folders whose tests take long, so that no worker is left with one."""
    items.sort(key=lambda item: item.path.parent.name not in LONG)


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


@pytest.fixture(scope="session")
def postgres_cast(postgres_server: PostgresServer) -> str:
    """The name of a filled database, to be copied."""
    return postgres_template(postgres_server, "cast", build_database)


@pytest.fixture(scope="session")
def all_premises(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the programs of this process lie, a folder a kind of database."""
    return tmp_path_factory.mktemp("premises")


@pytest.fixture
def premises(database_kind: str, all_premises: Path) -> Path:
    """The empty folder that the program of this test keeps its files in."""
    return emptied(all_premises / database_kind)


@pytest.fixture
def database_url(
    database_kind: str, premises: Path, request: pytest.FixtureRequest
) -> Iterator[str]:
    """A fresh database with the cast in it."""
    if database_kind == "sqlite":
        path = premises / "community.sqlite3"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
    else:
        server: PostgresServer = request.getfixturevalue("postgres_server")
        template: str = request.getfixturevalue("postgres_cast")
        with rewound_postgres(server, template=template, name=f"of_{os.getpid()}") as url:
            yield url


@pytest.fixture
def settings(database_url: str, premises: Path) -> Settings:
    """How the app of this test runs."""
    return settings_for(database_url, premises)


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """The program, on a fresh database."""
    with program_with(settings) as made:
        yield made


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
