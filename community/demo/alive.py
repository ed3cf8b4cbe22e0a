"""Keeps one thread talking for a few minutes after the start, by the worker, as members would."""

from __future__ import annotations

import uuid
from datetime import timedelta
from functools import partial

import sqlalchemy as sa

from community.demo import content
from community.demo.filling import NAMESPACE
from community.jobs.services import enqueue, register
from community.kernel import clock
from community.kernel.db import Json, session
from community.members.models import Member
from community.spaces import queries as spaces
from community.threads import services as threads
from community.threads.models import Post, Thread
from community.threads.services import Unconfirmed

LINES_A_START = 8


def plan() -> None:
    """Leave work for the next lines that have not been said."""
    start = clock.now()
    unsaid = [place for place, _ in enumerate(content.live_script()) if not _is_said(place)][
        :LINES_A_START
    ]
    for place in unsaid:
        line = content.live_script()[place]
        enqueue("demo.say", {"line": place}, run_at=start + timedelta(seconds=line["after"]))


def say(args: Json) -> None:
    """Have a member say a line, through the same door as everybody."""
    line = content.live_script()[args["line"]]
    if _is_said(args["line"]):
        return
    actor = (
        session()
        .scalars(sa.select(Member).where(Member.email == f"{line['author']}@example.org"))
        .one()
    )
    thread = _thread()
    if thread is None:
        return
    membership = spaces.find_membership(viewer=actor, space_id=thread.space_id)
    if membership is None:
        return
    send = partial(
        threads.publish_post,
        actor=actor,
        membership=membership,
        thread=thread,
        text=line["text"],
        client_key=_key(args["line"]),
        origin="demo",
    )
    result = send()
    if isinstance(result, Unconfirmed):
        send(confirmed=result.judgement.advised)


def _key(place: int) -> str:
    return str(uuid.uuid5(NAMESPACE, f"live:{place}"))


def _is_said(place: int) -> bool:
    found = session().scalar(sa.select(Post.id).where(Post.client_key == _key(place)))
    return found is not None


def _thread() -> Thread | None:
    """Return the thread of the script, if the demo is there."""
    title = content.live_title()
    return session().scalar(sa.select(Thread).where(Thread.title == title))


register("demo.say", say)
