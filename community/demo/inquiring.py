"""What Medical Information has answered in the demo, and the question that still waits."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

import sqlalchemy as sa

from community.inquiries import queries
from community.inquiries import services as inquiries
from community.kernel import clock
from community.kernel.db import session
from community.kernel.unit_of_work import transaction
from community.members.models import Member
from community.threads.models import Post, Thread
from community.threads.services.routing import question_of

_NAMESPACE = uuid.UUID("0d8f7c36-2b0e-4b58-a5b5-6c2f9a6f3d21")
ANSWERED_AFTER = timedelta(hours=5)
ANSWER = (
    "Thank you for your question. It is about a use that is not approved in your country, so this "
    "letter goes to you alone. What is known comes from small studies without a control group; "
    "none of them was planned to show a benefit, and side effects were counted in few people. "
    "The papers are listed below, and I have put the prescribing information for your country "
    "beside them."
)
PRIVATE = (
    "Is anything published on people who are on dialysis? I would like to read what there is, "
    "also if it is little. Nobody is being treated so here."
)


def answer_earlier(*, answerer: Member, before: datetime) -> None:
    """Answer every inquiry that was opened before a moment, some hours after it came."""
    for inquiry in queries.waiting_for(viewer=answerer):
        if inquiry.opened_at >= before:
            continue
        with clock.moved(inquiry.opened_at + ANSWERED_AFTER), transaction():
            inquiries.answer_inquiry(
                actor=answerer,
                inquiry=inquiry,
                text=ANSWER,
                references="ORT-01\nPrescribing information, current version",
                delivery="Papers by secure download",
                is_full=True,
                client_key=str(uuid.uuid5(_NAMESPACE, f"answer-{inquiry.id}")),
                version=inquiry.version,
            )


def ask_in_private(*, asker: Member, thread_id: int, at: datetime) -> None:
    """Leave one question of a member waiting."""
    thread = session().get_one(Thread, thread_id)
    first = sa.select(Post).where(Post.thread_id == thread.id, Post.number == 1)
    with clock.moved(at), transaction():
        inquiries.ask_in_private(
            actor=asker,
            question=question_of(session().scalars(first).one(), PRIVATE, member=asker),
            client_key=str(uuid.uuid5(_NAMESPACE, "private")),
        )
