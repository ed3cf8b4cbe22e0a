"""The servers that other tests lean on are real, separate and gone afterwards."""

from pathlib import Path

import psycopg
import pytest
import redis
from playwright.sync_api import Browser, Error
from sqlalchemy import create_engine, text

from tests.servers.browser import TURNED_OFF
from tests.services import (
    PostgresServer,
    RedisServer,
    fresh_postgres,
    postgres_template,
    running_redis,
)

OFF = "--disable-features="


def _run(url: str, statement: str) -> list[object]:
    engine = create_engine(url)
    try:
        with engine.begin() as connection:
            answer = connection.execute(text(statement))
            return list(answer.scalars()) if answer.returns_rows else []
    finally:
        engine.dispose()


def test_each_fresh_database_is_a_copy_of_its_template(postgres_server: PostgresServer) -> None:
    def build(url: str) -> None:
        _run(url, "CREATE TABLE medicine AS SELECT 'Ortelvane' AS name")

    template = postgres_template(postgres_server, "medicines", build)
    with (
        fresh_postgres(postgres_server, template=template) as one,
        fresh_postgres(postgres_server, template=template) as other,
    ):
        _run(one, "DELETE FROM medicine")
        assert _run(one, "SELECT name FROM medicine") == []
        assert _run(other, "SELECT name FROM medicine") == ["Ortelvane"]


def test_a_template_is_built_once(postgres_server: PostgresServer) -> None:
    built: list[str] = []
    first = postgres_template(postgres_server, "counted", built.append)
    second = postgres_template(postgres_server, "counted", built.append)
    assert first == second
    assert len(built) == 1


def test_a_fresh_database_is_gone_afterwards(postgres_server: PostgresServer) -> None:
    with fresh_postgres(postgres_server) as url:
        plain = url.replace("+psycopg", "")
        left_open = psycopg.connect(plain)
    left_open.close()
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        psycopg.connect(plain)


def test_redis_answers_and_keeps_its_port_over_a_restart() -> None:
    with running_redis() as server, redis.Redis.from_url(server.url) as client:
        assert client.ping()
        server.stop()
        with pytest.raises(redis.ConnectionError):
            client.ping()
        server.start()
        assert client.ping()


def test_a_worker_has_one_redis(redis_server: RedisServer) -> None:
    with redis.Redis.from_url(redis_server.url) as client:
        assert client.ping()


@pytest.mark.browser
def test_the_browser_goes_without_all_that_playwright_turns_off(
    chromium: Browser, tmp_path: Path
) -> None:
    said, program = tmp_path / "said", tmp_path / "program"
    program.write_text(f"#!/bin/sh\nprintf '%s\\n' \"$@\" >'{said}'\n")
    program.chmod(0o700)
    with pytest.raises(Error, match="has been closed"):
        chromium.browser_type.launch(executable_path=program)
    (theirs,) = (flag for flag in said.read_text().splitlines() if flag.startswith(OFF))
    assert set(theirs.removeprefix(OFF).split(",")) <= set(TURNED_OFF.removeprefix(OFF).split(","))


def test_the_browser_runs_scripts(chromium: Browser, tmp_path: Path) -> None:
    page_file = tmp_path / "page.html"
    page_file.write_text("<title>no</title><script>document.title = 6 * 7</script>")
    with chromium.new_context() as context:
        page = context.new_page()
        page.goto(page_file.as_uri())
        assert page.title() == "42"
