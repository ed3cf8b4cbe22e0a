"""A transaction that stands still does not hold up the others for ever."""

from __future__ import annotations

import sqlalchemy as sa

from community.kernel.db import connect_arguments
from tests.servers.postgres import PostgresServer, fresh_postgres


def _limit_of(url: str) -> object:
    engine = sa.create_engine(url, connect_args=connect_arguments(url))
    try:
        with engine.connect() as connection:
            return connection.scalar(sa.text("show idle_in_transaction_session_timeout"))
    finally:
        engine.dispose()


def test_postgresql_ends_it_after_a_minute_or_when_the_url_says(
    postgres_server: PostgresServer,
) -> None:
    with fresh_postgres(postgres_server) as url:
        options = {"options": "-c idle_in_transaction_session_timeout=7s"}
        sooner = sa.make_url(url).update_query_dict(options)
        assert _limit_of(url) == "1min"
        assert _limit_of(sooner.render_as_string(hide_password=False)) == "7s"


def test_sqlite_is_asked_nothing_that_it_does_not_know() -> None:
    assert connect_arguments("sqlite://") == {}
