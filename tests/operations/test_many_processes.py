"""Several processes: they migrate once, add up their figures, and are replaced without a gap."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import signal
import socket
import sqlite3
import ssl
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
import websocket
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy.engine import make_url

from community.config import Settings
from community.kernel.db import db
from tests.live_server import LiveServer, environment, running_server
from tests.operations.proxy import adapted, running_nginx
from tests.servers.postgres import PostgresServer, fresh_postgres
from tests.servers.redis import RedisServer
from tests.site import free_port
from tests.stage import Stage, Visitor, new_key, settings_for

PATIENCE = 120  # seconds: a process may have to start meanwhile, on a busy machine
COMMUNITY = [sys.executable, "-c", "from community.cli import main; main()"]


def started(settings: Settings, *command: str, **more: str) -> subprocess.Popen[str]:
    """Start a command of the program as an administrator would."""
    kept = {name: value for name, value in os.environ.items() if name[:10] != "COMMUNITY_"}
    return subprocess.Popen(
        [*COMMUNITY, *command],
        env=kept | environment(settings, "", 1) | more,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_settings(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Settings]:
    """An installation whose database has had no migration."""
    if request.param == "sqlite":
        yield settings_for(f"sqlite:///{tmp_path / 'community.sqlite3'}", tmp_path)
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    with fresh_postgres(server) as url:
        yield settings_for(url, tmp_path)


def test_several_processes_migrate_at_once_and_it_happens_once(empty_settings: Settings) -> None:
    together = [started(empty_settings, "migrate") for _ in range(3)]
    ends = [(process.communicate(timeout=120), process.returncode) for process in together]
    for (said, complained), code in ends:
        assert code == 0, complained
        assert "up to date" in said
    assert len(versions(empty_settings)) == 1


def versions(settings: Settings, *statements: str) -> list[tuple[str]]:
    """Say something to the database, and return its last migration."""
    url = make_url(settings.database_url)
    if url.get_backend_name() == "sqlite":
        with closing(sqlite3.connect(str(url.database))) as opened:
            for statement in statements:
                opened.execute(statement)
            opened.commit()
            return opened.execute("select version_num from alembic_version").fetchall()
    plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as connection:
        for said in statements:
            connection.execute(said.encode())
        return connection.execute("select version_num from alembic_version").fetchall()


def test_several_workers_without_redis_are_refused_before_anything_is_touched(
    tmp_path: Path,
) -> None:
    settings = settings_for(f"sqlite:///{tmp_path / 'community.sqlite3'}", tmp_path)
    process = started(settings, "serve", "--workers", "2", "--port", str(free_port()))
    _said, complained = process.communicate(timeout=60)
    assert process.returncode == 1
    assert complained == "Several workers need Redis: set COMMUNITY_REDIS_URL.\n"
    assert not (tmp_path / "community.sqlite3").exists()


@pytest.fixture(scope="module")
def pair(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, redis_server: RedisServer
) -> Iterator[LiveServer]:
    """Two workers behind one port."""
    folder = tmp_path_factory.mktemp("pair")
    shutil.copy(sqlite_template, folder / "community.sqlite3")
    settings = settings_for(f"sqlite:///{folder / 'community.sqlite3'}", folder)
    with running_server(replace(settings, redis_url=redis_server.url), workers=2) as running:
        yield running
        with running.app.app_context():
            db.session.remove()
            db.engine.dispose()


def figure(server: LiveServer, name: str, **labels: str) -> float:
    """Return a figure, added up over what is not named."""
    with urllib.request.urlopen(f"http://{server.address}/metrics", timeout=20) as answer:
        text = answer.read().decode()
    return sum(
        sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if sample.name == name and labels.items() <= sample.labels.items()
    )


def test_the_figures_of_all_workers_are_added_up_whichever_is_asked(pair: LiveServer) -> None:
    asked = {"name": "community_requests_total", "route": "/healthz"}
    before = figure(pair, **asked)
    for _ in range(20):
        urllib.request.urlopen(f"http://{pair.address}/healthz", timeout=20).close()
    assert figure(pair, **asked) == before + 20
    assert figure(pair, **asked) == before + 20
    pages = [pair.open(pair.visitor("mika")) for _ in range(6)]
    until = time.monotonic() + 30
    while figure(pair, "community_live_clients") != 6:
        assert time.monotonic() < until, "the sockets were not counted"
        time.sleep(0.1)
    for page in pages:
        page.close()


def say(server: LiveServer, visitor: Visitor, thread_id: int) -> None:
    """Post in a thread."""
    said = {"text": "Halve it first.", "client_key": new_key()}
    server.post(visitor, f"/threads/{thread_id}/posts", said)


def both_are_told(server: LiveServer, deed: Callable[[], None]) -> bool:
    """Do something of which two processes hear; return whether both did within five seconds."""
    before = figure(server, "community_event_lag_seconds_count")
    deed()
    until = time.monotonic() + 5
    while time.monotonic() < until:
        if figure(server, "community_event_lag_seconds_count") >= before + 2:
            return True
        time.sleep(0.1)
    return False


def test_posts_are_told_to_every_process_and_the_lag_is_timed(pair: LiveServer) -> None:
    with pair.app.app_context():
        thread = Stage(pair.app).start("amara")
        thread_id, space_id = thread.id, thread.space_id
    page = pair.open(pair.visitor("mika"))
    assert page.ask("watch", {"space": space_id, "thread": thread_id})["ok"]
    bruno, until = pair.visitor("bruno"), time.monotonic() + 60
    # The second process may still be starting, and listens to what is said from then on.
    while not both_are_told(pair, lambda: say(pair, bruno, thread_id)):
        assert time.monotonic() < until, "one of the two processes was not told"
    page.hear("event")
    page.close()


class Visitors:
    """People who read and write without a pause, and whom nobody may turn away."""

    def __init__(self, server: LiveServer, thread_id: int) -> None:
        self.server, self.thread_id = server, thread_id
        self.writer = server.visitor("bruno")
        self.refused: list[str] = []
        self.acknowledged: list[int] = []
        self.done = threading.Event()
        self.busy = [threading.Thread(target=each) for each in (self.read, self.read, self.write)]

    def read(self) -> None:
        """Ask again and again; a request may wait for a process that starts."""
        while not self.done.is_set():
            try:
                urllib.request.urlopen(
                    f"http://{self.server.address}/healthz", timeout=PATIENCE
                ).close()
            except OSError as problem:
                self.refused.append(repr(problem))

    def write(self) -> None:
        """Post once in a while, below the limit."""
        while not self.done.is_set():
            said = {"text": f"Thought {len(self.acknowledged)}.", "client_key": new_key()}
            try:
                answer = self.server.post(self.writer, f"/threads/{self.thread_id}/posts", said)
                self.acknowledged.append(answer["id"])
            except TimeoutError:  # the page would send it again under its key
                pass
            except OSError as problem:
                self.refused.append(repr(problem))
            self.done.wait(2)


def test_a_rolling_restart_turns_nobody_away(pair: LiveServer) -> None:
    with pair.app.app_context():
        visitors = Visitors(pair, Stage(pair.app).start("amara").id)
    for each in visitors.busy:
        each.start()
    old = children(pair.process.pid)
    pair.process.send_signal(signal.SIGHUP)
    until = time.monotonic() + PATIENCE
    while old & children(pair.process.pid) or len(children(pair.process.pid)) < 2:
        assert time.monotonic() < until, "the old workers did not go"
        time.sleep(0.1)
    visitors.done.set()
    for each in visitors.busy:
        each.join(PATIENCE)
    assert visitors.refused == []
    assert visitors.acknowledged
    assert len(set(visitors.acknowledged)) == len(visitors.acknowledged)


def children(pid: int) -> set[int]:
    """Return the processes that a process has started."""
    return {int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()}


def test_what_was_begun_is_answered_before_a_process_stops(pair: LiveServer) -> None:
    """Last in this file: it stops the pair."""
    connection = http.client.HTTPConnection(pair.address, timeout=PATIENCE)
    connection.request("GET", "/healthz")
    connection.getresponse().read()
    connection.putrequest("POST", "/sign-in")
    connection.putheader("Content-Type", "application/x-www-form-urlencoded")
    connection.putheader("Content-Length", "7")
    connection.endheaders(b"ema")
    time.sleep(0.5)  # nothing tells when half a request has arrived
    pair.process.terminate()
    time.sleep(0.5)
    connection.send(b"il=x")
    answer = connection.getresponse()
    assert answer.status in {200, 303, 400, 422}
    assert answer.headers["X-Request-ID"]
    connection.close()
    assert pair.process.wait(PATIENCE) == 0


def test_behind_nginx_pages_sockets_and_numbers_pass_and_figures_do_not(
    sqlite_template: Path, tmp_path: Path
) -> None:
    shutil.copy(sqlite_template, tmp_path / "community.sqlite3")
    settings = settings_for(f"sqlite:///{tmp_path / 'community.sqlite3'}", tmp_path)
    trusting = ssl.create_default_context()
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
    https = free_port()
    with running_server(settings) as server:
        conf = adapted(tmp_path, http=free_port(), https=https, site=server.address)
        with running_nginx(conf):
            wait_for(https)
            at = f"https://127.0.0.1:{https}"
            with urllib.request.urlopen(f"{at}/sign-in", context=trusting, timeout=20) as page:
                assert page.status == 200
                assert page.headers["X-Request-ID"]
            for path in ("/metrics", "/readyz"):
                with pytest.raises(urllib.error.HTTPError) as refused:
                    urllib.request.urlopen(f"{at}{path}", context=trusting, timeout=20)
                assert refused.value.code == 404
                refused.value.close()
            visitor = server.visitor("mika")
            token = visitor.token
            line = websocket.create_connection(
                f"wss://127.0.0.1:{https}/socket.io/?EIO=4&transport=websocket",
                cookie=server.cookie(visitor), origin=f"http://{server.address}",
                sslopt={"cert_reqs": ssl.CERT_NONE, "check_hostname": False}, timeout=15,
            )  # fmt: skip
            assert json.loads(line.recv()[1:])["sid"]
            line.send("40" + json.dumps({"csrf": token}))
            assert str(line.recv()).startswith("40")
            line.close()
        with server.app.app_context():
            db.session.remove()
            db.engine.dispose()
    logged = (tmp_path / "access.log").read_text()
    assert "EIO" not in logged
    assert all(json.loads(each)["page"] for each in logged.splitlines())


def wait_for(port: int) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=2).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError("nginx did not start")


def test_the_commands_of_the_files_run_from_an_empty_folder_to_a_backup(tmp_path: Path) -> None:
    """What the image and the units start, in their order."""
    settings = settings_for(f"sqlite:///{tmp_path / 'community.sqlite3'}", tmp_path)
    port = str(free_port())
    assert finished(settings, "healthy", "--port", port) == 1
    assert finished(settings, "migrate") == 0
    site = started(settings, "serve", "--bind", f"127.0.0.1:{port}", "--no-migrate")
    worker = started(settings, "worker")
    try:
        until = time.monotonic() + 90
        while finished(settings, "healthy", "--port", port):
            assert site.poll() is None
            assert time.monotonic() < until
        assert finished(settings, "backup", str(tmp_path / "kept")) == 0
        (kept,) = (tmp_path / "kept").iterdir()
        assert finished(settings, "restore", str(kept), "--replace") == 1, "the site is running"
    finally:
        for process in (site, worker):
            process.terminate()
            process.communicate(timeout=30)
    assert finished(settings, "restore", str(kept), "--replace") == 0


def finished(settings: Settings, *command: str) -> int:
    process = started(settings, *command)
    process.communicate(timeout=120)
    return process.returncode
