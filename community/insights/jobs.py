"""Letters about second readings. They say that something is, and never what was written."""

from __future__ import annotations

from community.insights import access, queries
from community.insights.models import SecondReading
from community.jobs.services import enqueue, register
from community.kernel import letters
from community.kernel.db import Json, session
from community.members import queries as members
from community.members.models import Member


def _mail_readers(args: Json) -> None:
    """To each reader for whom something waits; one letter a day at most, each by its own job."""
    holders = {one.id: one for duty in access.READERS for one in members.holders(duty)}
    for reader in holders.values():
        if queries.count_waiting(viewer=reader):
            key = f"second-readings-{args['day']}-{reader.id}"
            enqueue("insights.mail_reader", {"member": reader.id, "key": key}, key=key)


def _mail_reader(args: Json) -> None:
    reader = session().get_one(Member, args["member"])
    count = queries.count_waiting(viewer=reader)
    if count:
        _write("readings", reader, key=args["key"], count=count)


def _mail_author(args: Json) -> None:
    reading = session().get_one(SecondReading, args["reading"])
    author = session().get_one(Member, reading.author_id)
    if reading.noticed_at is None:
        _write("note", author, key=f"second-note-{reading.id}")


def _write(what: str, member: Member, *, key: str, **values: object) -> None:
    if not member.email or member.is_closed:
        return
    letters.write(
        f"insights/mail_{what}.txt",
        to=member.email,
        language=member.language,
        key=key,
        member=member,
        **values,
    )


register("insights.mail_readers", _mail_readers)
register("insights.mail_reader", _mail_reader)
register("insights.mail_author", _mail_author)
