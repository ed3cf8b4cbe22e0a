"""A program serves on a schema that is newer than it knows, and not on one that is older."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from flask import Flask

from community.kernel import migrations, schema
from community.kernel.db import db
from tests.stage import Stage


@pytest.fixture
def newer(stage: Stage) -> Iterator[Stage]:
    """A database that a later version has migrated."""
    db.session.execute(sa.text("alter table member add column later varchar(9)"))
    db.session.execute(sa.text("update alembic_version set version_num = '9999'"))
    db.session.commit()
    yield stage
    db.session.remove()


def test_an_old_program_goes_on_serving_and_leaves_a_newer_schema_alone(
    newer: Stage, app: Flask
) -> None:
    migrations.upgrade()
    assert schema.state() is schema.State.AHEAD
    assert app.test_client().get("/readyz").get_json()["migrations"] is True
    thread = newer.start("amara")
    assert newer.reply("bruno", thread).number == 2


def test_a_program_is_not_ready_before_its_migrations_have_run(stage: Stage, app: Flask) -> None:
    db.session.remove()
    migrations.downgrade("-1")
    assert schema.state() is schema.State.BEHIND
    answer = app.test_client().get("/readyz")
    assert (answer.status_code, answer.get_json()["migrations"]) == (503, False)
