"""The real server: pushes over real sockets, over either transport, in one process and in two."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import websocket

from community.config import Settings
from community.kernel.db import db
from tests.live_server import CONFIG, ROOT, LivePage, LiveServer, environment, running_server
from tests.servers.redis import RedisServer
from tests.stage import Stage, new_key, settings_for

TOO_LONG = b"\x81\xff" + (1 << 32).to_bytes(8, "big") + b"\0\0\0\0" + b"x" * 200_000


def settings_on_a_copy(template: Path, folder: Path, transport: str) -> Settings:
    """Return settings for a server on a fresh database."""
    shutil.copy(template, folder / "community.sqlite3")
    settings = settings_for(f"sqlite:///{folder / 'community.sqlite3'}", folder)
    return replace(settings, transport=transport)


@pytest.fixture(params=["stock", "direct"])
def fresh_settings(
    sqlite_template: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> Settings:
    """Settings for a server of one test's own."""
    return settings_on_a_copy(sqlite_template, tmp_path, request.param)


@pytest.fixture(scope="module", params=["stock", "direct"])
def server(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[LiveServer]:
    """One process, over either transport, for all tests here."""
    folder = tmp_path_factory.mktemp("server")
    with running_server(settings_on_a_copy(sqlite_template, folder, request.param)) as running:
        yield running
        close_database(running)


@pytest.fixture(scope="module", params=["stock", "direct"])
def two_workers(
    sqlite_template: Path,
    tmp_path_factory: pytest.TempPathFactory,
    redis_server: RedisServer,
    request: pytest.FixtureRequest,
) -> Iterator[LiveServer]:
    """Two processes with Redis between them."""
    folder = tmp_path_factory.mktemp("workers")
    settings = settings_on_a_copy(sqlite_template, folder, request.param)
    with_redis = replace(settings, redis_url=redis_server.url)
    with running_server(with_redis, workers=2) as running:
        yield running
        close_database(running)


def close_database(running: LiveServer) -> None:
    """Close what this process has open of the server's database."""
    with running.app.app_context():
        db.session.remove()
        db.engine.dispose()


def start_thread(server: LiveServer) -> tuple[int, int]:
    """Start a thread before anybody watches; return the keys of the space and the thread."""
    with server.app.app_context():
        thread = Stage(server.app).start("amara")
        return thread.space_id, thread.id


def test_a_reply_reaches_an_open_page(server: LiveServer) -> None:
    space_id, thread_id = start_thread(server)
    amara, mika = server.visitor("amara"), server.visitor("mika")
    page = server.open(mika, header=["Sec-WebSocket-Extensions: permessage-deflate"])
    headers = page.ws.getheaders()
    assert headers is not None
    assert "sec-websocket-extensions" not in headers, "compression costs too much memory"
    assert page.ask("watch", {"space": space_id, "thread": thread_id})["ok"]
    said = {"text": "Halve it first.", "client_key": new_key()}
    answer = server.post(amara, f"/threads/{thread_id}/posts", said)
    event = page.hear("event")
    assert (event["id"], event["seq"]) == (answer["id"], answer["seq"])
    assert "Halve it first." in event["html"]
    page.close()


def test_posts_of_many_at_once_arrive_once_each_without_a_hole(server: LiveServer) -> None:
    space_id, thread_id = start_thread(server)
    pages = [server.open(server.visitor("mika")) for _ in range(5)]
    head = 0
    for page in pages:
        head = page.ask("watch", {"space": space_id, "thread": thread_id})["head"]
    writers = [server.visitor(who) for who in ("amara", "bruno")]

    def write(place: int) -> None:
        for number in range(6):
            said = {"text": f"Thought {place}.{number}", "client_key": new_key()}
            server.post(writers[place], f"/threads/{thread_id}/posts", said)

    threads = [threading.Thread(target=write, args=(place,)) for place in range(2)]
    for each in threads:
        each.start()
    for page in pages:
        assert sorted(page.hear("event")["seq"] for _ in range(12)) == list(
            range(head + 1, head + 13)
        )
        page.close()
    for each in threads:
        each.join()


def test_signing_out_closes_the_page_at_once(server: LiveServer) -> None:
    space_id, _thread_id = start_thread(server)
    amara = server.visitor("amara")
    page = server.open(amara)
    assert page.ask("watch", {"space": space_id, "thread": None})["ok"]
    server.post(amara, "/sign-out")
    page.wait_for_end()
    page.close()
    again = LivePage(server.address, server.cookie(amara))
    again.connect(amara.token)
    assert again.welcome.startswith("44")
    again.close()


@pytest.mark.parametrize(
    "elsewhere", ["https://elsewhere.example", "http://[", "null", "http://a:b"]
)
def test_a_page_of_another_site_is_not_heard(server: LiveServer, elsewhere: str) -> None:
    with pytest.raises(websocket.WebSocketBadStatusException, match=r"40[03]"):
        websocket.create_connection(
            f"ws://{server.address}/socket.io/?EIO=4&transport=websocket",
            origin=elsewhere,
            cookie=server.cookie(server.visitor("amara")),
        )


@pytest.mark.parametrize("rubbish", [b"\x81\x03abc", b"\xff" * 40, TOO_LONG])
def test_a_broken_page_is_closed_and_the_others_live_on(server: LiveServer, rubbish: bytes) -> None:
    space_id, thread_id = start_thread(server)
    broken, whole = server.open(server.visitor("bruno")), server.open(server.visitor("mika"))
    for page in (broken, whole):
        assert page.ask("watch", {"space": space_id, "thread": thread_id})["ok"]
    assert broken.ws.sock is not None
    with contextlib.suppress(ConnectionError):  # closed before all of it was read
        broken.ws.sock.sendall(rubbish)
    broken.wait_for_end()
    broken.close()
    said = {"text": "Still here.", "client_key": new_key()}
    server.post(server.visitor("amara"), f"/threads/{thread_id}/posts", said)
    assert "Still here." in whole.hear("event")["html"]
    whole.close()


def test_what_another_program_wrote_is_told_soon(server: LiveServer) -> None:
    space_id, thread_id = start_thread(server)
    page = server.open(server.visitor("mika"))
    answer = page.ask("watch", {"space": space_id, "thread": thread_id})
    with server.app.app_context():
        stage = Stage(server.app)
        thread = stage.start("bruno", title="From the command line")
        assert thread.id
    while page.hear("head")["seq"] <= answer["head"]:
        pass
    page.close()


def test_open_pages_do_not_hold_up_a_stop(fresh_settings: Settings) -> None:
    with running_server(fresh_settings) as server:
        page = server.open(server.visitor("mika"))
        reading = threading.Thread(target=page.wait_for_end)
        reading.start()
        assert server.stop() < 8, "the graceful timeout is 10 seconds"
        reading.join()
        page.close()
        close_database(server)


def test_ctrl_c_ends_it_without_a_trace(fresh_settings: Settings, tmp_path: Path) -> None:
    log = tmp_path / "log"
    with log.open("wb") as said, running_server(fresh_settings, said=said) as server:
        page = server.open(server.visitor("mika"))
        reading = threading.Thread(target=page.wait_for_end)
        reading.start()
        os.killpg(server.process.pid, signal.SIGINT)
        assert server.process.wait(8) == 0
        reading.join()
        page.close()
        close_database(server)
    assert "Traceback" not in log.read_text()


# --- two processes ------------------------------------------------------------------------------


def test_news_and_typing_and_presence_cross_from_one_process_to_the_other(
    two_workers: LiveServer,
) -> None:
    space_id, thread_id = start_thread(two_workers)
    mika, bruno = two_workers.visitor("mika"), two_workers.visitor("bruno")
    pages = [two_workers.open(mika) for _ in range(8)]  # by chance in both processes
    for page in pages:
        assert page.ask("watch", {"space": space_id, "thread": thread_id})["ok"]
    said = {"text": "Heard everywhere.", "client_key": new_key()}
    two_workers.post(bruno, f"/threads/{thread_id}/posts", said)
    for page in pages:
        assert "Heard everywhere." in page.hear("event")["html"]
    writer = two_workers.open(bruno)
    assert writer.ask("watch", {"space": space_id, "thread": thread_id})["ok"]
    assert writer.ask("typing", {})["ok"]
    for page in pages:
        assert page.hear("typing")["member"]["name"] == "Dr Bruno Lefèvre"
        while page.hear("presence")["count"] < 2:
            pass
        page.close()
    writer.close()


def test_signing_out_closes_pages_in_every_process(two_workers: LiveServer) -> None:
    amara = two_workers.visitor("amara")
    pages = [two_workers.open(amara) for _ in range(8)]
    two_workers.post(amara, "/sign-out")
    for page in pages:
        page.wait_for_end()
        page.close()


def test_several_processes_without_redis_are_refused_in_a_sentence(tmp_path: Path) -> None:
    settings = settings_for(f"sqlite:///{tmp_path / 'community.sqlite3'}", tmp_path)
    refused = subprocess.run(
        [sys.executable, "-m", "gunicorn", "--config", f"file:{CONFIG}", "community:create_app()"],
        cwd=ROOT,
        env=environment(settings, "127.0.0.1:0", 2) | {"PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert refused.returncode != 0
    assert "set COMMUNITY_REDIS_URL" in refused.stderr
    assert "Traceback" not in refused.stderr
