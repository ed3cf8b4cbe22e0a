"""The program with a thread, and two doors that only a benchmark needs: sign in, an empty page."""

from __future__ import annotations

import os
from datetime import timedelta

import sqlalchemy as sa
from flask import Flask, jsonify
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf

from community import create_app
from community.kernel import clock, migrations, unit_of_work, web
from community.kernel.db import db
from community.members import session
from community.members.models import Affiliation, Credential, CredentialState, Member
from community.spaces.models import Membership, Role, Space
from community.stream.models import Stream
from community.threads import services
from community.threads.services import Published
from community.use_policies import queries as use_policies
from community.use_policies.models import Acceptance

FEWEST, PARAGRAPHS = 5, 3
POSTS = int(os.environ.get("BENCH_POSTS", "20"))
WORDS = (
    "In my clinic I begin with the lowest dose and ask for the **pressure while standing** after "
    "two weeks; only then do I go on. What do you do with people above eighty?"
)


def create() -> Flask:
    """Make the program on an empty database with one thread."""
    app = create_app()
    with app.app_context():
        migrations.upgrade()
        with unit_of_work.transaction():
            places = _fill()
        with unit_of_work.transaction():
            _talk([db.session.get_one(Membership, place) for place in places])
        db.session.remove()
    app.add_url_rule("/bench/sign-in/<int:number>", view_func=web.public(_sign_in))
    app.add_url_rule("/bench/empty", view_func=web.public(_empty))
    return app


def _fill() -> list[int]:
    now = clock.now() - timedelta(days=1)
    space = Space(slug="bench", name="Bench", created_at=now, purpose="-", value="-")
    db.session.add(space)
    db.session.flush()
    db.session.add(Stream(space_id=space.id))
    writers = max(FEWEST, int(os.environ.get("BENCH_READERS", "0")))
    return [_writer(space, number) for number in range(writers)]


def _writer(space: Space, number: int) -> int:
    now = clock.now() - timedelta(days=1)
    member = Member(
        email=f"writer{number}@example.org",
        name=f"Dr Writer {number}",
        affiliation=Affiliation.HCP if number else Affiliation.COMPANY,
        created_at=now,
    )
    place = Membership(space=space, member=member, role=Role.MEMBER, joined_at=now)
    db.session.add_all([member, place])
    if number:
        db.session.add(_checked(member))
    db.session.flush()
    for text in use_policies.current_texts(language="en", audience=member.affiliation.value):
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
    return place.id


def _checked(member: Member) -> Credential:
    return Credential(
        member=member, profession="physician", licence_number="1234567", issuing_body="GMC",
        country="GB", submitted_at=member.created_at, state=CredentialState.CHECKED,
        decided_at=member.created_at,
    )  # fmt: skip


def _talk(places: list[Membership]) -> None:
    text = "\n\n".join([WORDS] * PARAGRAPHS)
    peers = places[1:]
    opened = services.start_thread(
        actor=peers[0].member, membership=peers[0], title="How do you begin?", text=text,
        client_key="post-1",
    )  # fmt: skip
    assert isinstance(opened, Published)
    for number in range(2, POSTS + 1):
        place = peers[number % len(peers)]
        services.publish_post(
            actor=place.member, membership=place, thread=opened.post.thread, text=text,
            client_key=f"post-{number}",
        )  # fmt: skip


def _sign_in(number: int) -> ResponseReturnValue:
    reader = db.session.scalars(
        sa.select(Member).where(Member.email == f"writer{number}@example.org")
    ).one()
    session.start(reader, how="link")
    unit_of_work.commit()
    return jsonify(csrf=generate_csrf())


def _empty() -> ResponseReturnValue:
    return ""
