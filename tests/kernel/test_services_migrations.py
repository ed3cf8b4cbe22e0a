"""The database's way from one version of the program to the next, with people in it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import sqlalchemy as sa
from alembic.script import ScriptDirectory

from community.audit import services as audit
from community.kernel import clock, migrations, paths, schema
from community.kernel.db import db
from community.members import services
from community.members.models import Member
from community.threads.models import Post
from tests.stage import Stage


def _count(table: type[Member | Post]) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(table)) or 0


def test_the_migrations_make_the_tables_that_the_program_asks_for(stage: Stage) -> None:
    assert migrations.differences() == []


def test_going_back_one_version_and_forth_again_keeps_what_was_said(stage: Stage) -> None:
    thread = stage.start("amara")
    stage.reply("bruno", thread)
    with_codes = stage.member("rosa")
    with_codes.second_factor_since = clock.now()
    services.make_recovery_codes(actor=with_codes)
    stage.commit()
    members, posts = _count(Member), _count(Post)
    db.session.remove()

    migrations.downgrade("-1")
    assert not schema.is_current()
    migrations.upgrade()

    assert schema.is_current()
    assert (_count(Member), _count(Post)) == (members, posts)
    assert audit.verify().holds
    assert stage.reply("mika", stage.start("mika"), "And on it goes.").number == 2


def test_the_files_of_the_migrations_tell_what_alembic_reads_in_them(stage: Stage) -> None:
    scripts = ScriptDirectory(str(paths.MIGRATIONS))
    in_order = [script.revision for script in scripts.walk_revisions()][::-1]
    assert schema.known_revisions() == in_order
    assert schema.known_revisions()[-1] == scripts.get_current_head()


def test_the_program_itself_does_without_alembic(tmp_path: Path) -> None:
    program = (
        "import sys; from community import create_app; create_app()"
        "; assert 'alembic' not in sys.modules"
    )
    settings = {"COMMUNITY_MODE": "development", "COMMUNITY_DATA_DIR": str(tmp_path)}
    subprocess.run([sys.executable, "-c", program], env=os.environ | settings, check=True)
