"""Back a version and forth again, with second readings and a pause in the tables."""

from __future__ import annotations

import sqlalchemy as sa

from community.audit import services as audit
from community.guardrails.models import JudgedText
from community.insights.models import SecondReading
from community.kernel import migrations, schema
from community.kernel.db import db
from community.spaces import services as spaces
from community.threads.models import Post
from tests.insights.drawn import draw_reply, drawn
from tests.stage import Stage


def test_as_whom_one_was_judged_is_kept_from_its_migration_on(stage: Stage) -> None:
    draw_reply(stage)
    stage.commit()
    kept = sa.select(JudgedText.judged_as)
    assert "msl" in db.session.scalars(kept).all()
    count = len(db.session.scalars(kept).all())
    db.session.remove()

    migrations.downgrade("0009")
    migrations.upgrade()

    assert db.session.scalars(kept).all() == [""] * count


def test_what_was_said_outlives_its_second_readings(stage: Stage) -> None:
    draw_reply(stage)
    spaces.pause_posting(actor=stage.member("paul"), own=None, space=None, reason="A recall.")
    stage.commit()
    posts = db.session.scalar(sa.select(sa.func.count()).select_from(Post))
    db.session.remove()

    migrations.downgrade("0004")
    tables = sa.inspect(db.engine).get_table_names()
    assert SecondReading.__tablename__ not in tables
    migrations.upgrade()

    assert schema.is_current()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Post)) == posts
    assert audit.verify().holds
    assert drawn() == []
    assert draw_reply(stage).post.author.name == "Dr Rosa Bianchi"
