"""The program with two doors that only a benchmark needs: sign in at once, and an empty page."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa
from flask import Flask, jsonify
from flask.typing import ResponseReturnValue

from community import create_app
from community.kernel import clock, migrations, unit_of_work, web
from community.kernel.db import db
from community.members import session
from community.members.models import Affiliation, Member
from community.spaces.models import Membership, Role, Space
from community.stream.models import Stream
from community.threads import services
from community.threads.services import Published
from community.use_policies import queries as use_policies
from community.use_policies.models import Acceptance

WRITERS, POSTS, PARAGRAPHS = 5, 20, 3
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
    app.add_url_rule("/bench/sign-in", view_func=web.public(_sign_in))
    app.add_url_rule("/bench/empty", view_func=web.public(_empty))
    return app


def _fill() -> list[int]:
    now = clock.now() - timedelta(days=1)
    space = Space(slug="bench", name="Bench", created_at=now, purpose="-", value="-")
    db.session.add(space)
    db.session.flush()
    db.session.add(Stream(space_id=space.id))
    return [_writer(space, number) for number in range(WRITERS)]


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


def _sign_in() -> ResponseReturnValue:
    reader = db.session.scalars(
        sa.select(Member).where(Member.email == "writer0@example.org")
    ).one()
    session.start(reader, how="link")
    unit_of_work.commit()
    return jsonify(ok=True)


def _empty() -> ResponseReturnValue:
    return ""
