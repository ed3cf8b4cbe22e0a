"""A space with members who may come in at once: what every benchmark of the whole program needs.

They are health professionals: staff would need a second factor first, and signatures to write.
"""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa
from flask import Flask, jsonify
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf

from community.kernel import clock, unit_of_work, web
from community.kernel.db import db
from community.members import session
from community.members.models import Affiliation, Credential, CredentialState, Member
from community.spaces.models import Membership, Role, Space
from community.stream.models import Stream
from community.use_policies import queries as use_policies
from community.use_policies.models import Acceptance

BEFORE = timedelta(days=1)


def fill_space(count: int) -> list[Membership]:
    """Make a space with as many members, who have accepted what there is and were checked."""
    now = clock.now() - BEFORE
    space = Space(slug="bench", name="Bench", created_at=now, purpose="-", value="-")
    db.session.add(space)
    db.session.flush()
    db.session.add(Stream(space_id=space.id))
    return [_seat(space, number) for number in range(count)]


def _seat(space: Space, number: int) -> Membership:
    now = clock.now() - BEFORE
    member = Member(
        email=_address(number),
        name=f"Dr Writer {number}",
        affiliation=Affiliation.HCP,
        created_at=now,
    )
    place = Membership(space=space, member=member, role=Role.MEMBER, joined_at=now)
    db.session.add_all([member, place, _checked(member)])
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
    return place


def _checked(member: Member) -> Credential:
    return Credential(
        member=member, profession="physician", licence_number="1234567", issuing_body="GMC",
        country="GB", submitted_at=member.created_at, state=CredentialState.CHECKED,
        decided_at=member.created_at,
    )  # fmt: skip


def open_door(app: Flask) -> None:
    """Let each of them sign in by their number alone, at `/bench/sign-in/<number>`."""
    app.add_url_rule("/bench/sign-in/<int:number>", view_func=web.public(_sign_in))


def _sign_in(number: int) -> ResponseReturnValue:
    member = db.session.scalars(sa.select(Member).where(Member.email == _address(number))).one()
    session.start(member, how="link")
    unit_of_work.commit()
    return jsonify(csrf=generate_csrf())


def _address(number: int) -> str:
    return f"writer{number}@example.org"
