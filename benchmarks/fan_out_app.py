"""The program with two doors that only a benchmark needs: sign in at once, and cause news."""

from __future__ import annotations

import os
import secrets
from datetime import timedelta

import sqlalchemy as sa
from flask import Flask, jsonify
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf

from community import create_app
from community.kernel import clock, migrations, unit_of_work, web
from community.kernel.db import db
from community.kernel.realtime import register_renderer
from community.members import session
from community.members.models import Affiliation, Member
from community.spaces.models import Membership, Role, Space
from community.spaces.realtime import Place, find_threads_with
from community.stream.models import Stream
from community.stream.services import append
from community.use_policies import queries as use_policies
from community.use_policies.models import Acceptance

SPACE = THREAD = 1
HTML = "<li>" + "A post of about a kilobyte, as long as most are. " * 20 + "</li>"


def create() -> Flask:
    """Make the program on an empty database with as many readers as asked for."""
    app = create_app()
    with app.app_context():
        migrations.upgrade()
        with unit_of_work.transaction():
            _fill(int(os.environ["BENCH_READERS"]))
        db.session.remove()
    app.add_url_rule("/bench/sign-in/<int:reader>", view_func=web.public(_sign_in))
    app.add_url_rule("/bench/news/<int:count>", view_func=web.public(_cause_news))
    find_threads_with(lambda _viewer, _thread: Place(SPACE, may_write=True))
    register_renderer("post", lambda ids, _language: dict.fromkeys(ids, HTML))
    return app


def _fill(readers: int) -> None:
    now = clock.now() - timedelta(days=1)
    space = Space(slug="bench", name="Bench", created_at=now, purpose="-", value="-")
    db.session.add(space)
    db.session.flush()
    db.session.add(Stream(space_id=space.id))
    for number in range(readers):
        member = Member(
            email=f"reader{number}@example.org",
            name=f"Dr Reader {number}",
            affiliation=Affiliation.COMPANY,
            created_at=now,
        )
        db.session.add(member)
        db.session.flush()
        db.session.add(Membership(space=space, member=member, role=Role.MEMBER, joined_at=now))
        for text in use_policies.current_texts(language="en", audience="company"):
            db.session.add(
                Acceptance(
                    member_id=member.id,
                    policy=text.id,
                    version=text.version,
                    language=text.language,
                    sha256=text.sha256,
                    text=text.exact,
                    accepted_at=now,
                    shown_as="page",
                )
            )


def _sign_in(reader: int) -> ResponseReturnValue:
    member = db.session.scalars(
        sa.select(Member).where(Member.email == f"reader{reader}@example.org")
    ).one()
    session.start(member, how="link")
    unit_of_work.commit()
    return jsonify(csrf=generate_csrf())


def _cause_news(count: int) -> ResponseReturnValue:
    for _ in range(count):
        append(
            space_id=SPACE,
            thread_id=THREAD,
            kind="post",
            subject_id=secrets.randbelow(1 << 30),
            version=1,
        )
        unit_of_work.commit()
    return jsonify(ok=True)
