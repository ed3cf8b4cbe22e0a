"""Letters to one member about what was done to them or by them, and to the administrators."""

from __future__ import annotations

import sqlalchemy as sa

from community.jobs.services import enqueue
from community.kernel import clock, tokens
from community.kernel.db import Json, session
from community.members import access
from community.members.models import Duty, Member


def tell(member: Member, what: str) -> None:
    """Leave a letter `members/mail_<what>.txt` to be written; none for those who never sign in.

    The random word makes each such letter one of its own, and its repetition the same one.
    """
    if member.email and member.sign_in_allowed:
        enqueue(f"members.mail_{what}", {"member_id": member.id, "letter": tokens.nonce()})


def tell_administrators(what: str, *, member: Member, actor: Member | None, facts: Json) -> None:
    """Leave a letter `members/mail_<what>.txt` for every administrator who is not in on it.

    One of them alone, or who has come by the browser of one, does nothing weighty unseen.

    Args:
        what: names the letter.
        member: whom it is about.
        actor: who did it; None where it was no member.
        facts: what it says besides, as it was at this moment.
    """
    about = {"about_id": member.id, "actor_id": actor.id if actor else None}
    word = {**about, **facts, "at": clock.now().isoformat(), "letter": tokens.nonce()}
    administrators = sa.select(Member).where(access.holds_duty(Duty.ADMINISTRATOR))
    for reader in session().scalars(administrators.order_by(Member.id)):
        if reader.id not in set(about.values()) and reader.email and reader.sign_in_allowed:
            enqueue(f"members.mail_{what}", {**word, "member_id": reader.id})


def tell_of_duties(
    *, member: Member, actor: Member | None, how: str, old: list[str], new: list[str]
) -> None:
    """Tell the administrators who has given or taken which duties.

    Args:
        member: whose they are.
        actor: who did it; None where it was no member.
        how: by what it was done then: `console` or `company`; else empty.
        old: all duties until now.
        new: all duties from now on.
    """
    given, taken = sorted(set(new) - set(old)), sorted(set(old) - set(new))
    if given or taken:
        facts: Json = {"how": how, "given": given, "taken": taken}
        tell_administrators("duties_of_member_changed", member=member, actor=actor, facts=facts)
