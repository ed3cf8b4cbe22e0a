"""Letters about places in spaces. They say that something is, and where to read it.

A letter to several is a job for each: one that fails repeats no other.
"""

from __future__ import annotations

from functools import partial

from community.jobs.services import enqueue, register
from community.kernel import letters
from community.kernel.db import Json, session
from community.members.models import Member
from community.spaces import queries
from community.spaces.models import Membership, MembershipState, Pause, PauseState, PostingPause


def _mail_removed(args: Json) -> None:
    place = session().get_one(Membership, args["membership_id"])
    if place.state is MembershipState.REMOVED:
        _write("removed", place.member, key=f"place-{place.id}-{args['letter']}", place=place)


def _mail_paused(args: Json) -> None:
    pause = session().get_one(Pause, args["pause_id"])
    if pause.state is PauseState.CONFIRMED:
        place = pause.membership
        _write("paused", place.member, key=f"pause-{pause.id}-confirmed", place=place)


def _mail_pause_proposed(args: Json) -> None:
    """To the other moderators: one of them has to confirm it."""
    pause = session().get_one(Pause, args["pause_id"])
    for member in queries.moderators_of(pause.membership.space_id):
        if member.id not in {pause.proposed_by_id, pause.membership.member_id}:
            key = f"pause-{pause.id}-proposed-{member.id}"
            enqueue("spaces.mail_pause_proposed_to", {**args, "member_id": member.id}, key=key)


def _mail_pause_proposed_to(args: Json) -> None:
    pause = session().get_one(Pause, args["pause_id"])
    member = session().get_one(Member, args["member_id"])
    if pause.state is PauseState.PROPOSED:
        key = f"pause-{pause.id}-proposed-{member.id}"
        _write("pause_proposed", member, key=key, place=pause.membership)


def _mail_moderators(what: str, args: Json) -> None:
    """To the moderators of a space, each by a job."""
    place = session().get_one(Membership, args["membership_id"])
    for member in queries.moderators_of(place.space_id):
        if member.id != place.member_id:
            key = f"place-{place.id}-{args['letter']}-{member.id}"
            enqueue(f"spaces.mail_{what}_to", {**args, "member_id": member.id}, key=key)


def _mail_moderator(what: str, args: Json) -> None:
    """To one of them: who has a place in their space, for as long as they do."""
    place = session().get_one(Membership, args["membership_id"])
    member = session().get_one(Member, args["member_id"])
    if place.is_active:
        key = f"place-{place.id}-{args['letter']}-{member.id}"
        _write(what, member, key=key, place=place, country=place.member.country)


def _mail_posting_paused(args: Json) -> None:
    """To the company's people and the moderators of the spaces it is about, each by a job."""
    pause = session().get_one(PostingPause, args["pause_id"])
    for member in queries.people_of_posting(space_id=pause.space_id):
        key = f"posting-pause-{pause.id}-{member.id}"
        enqueue("spaces.mail_posting_paused_to", {**args, "member_id": member.id}, key=key)


def _mail_posting_paused_to(args: Json) -> None:
    pause = session().get_one(PostingPause, args["pause_id"])
    member = session().get_one(Member, args["member_id"])
    if pause.place is None or not member.email or member.is_closed:
        return
    letters.write(
        "spaces/mail_posting_paused.txt",
        to=member.email,
        language=member.language,
        key=f"spaces-posting-pause-{pause.id}-{member.id}",
        member=member,
        pause=pause,
    )


def _write(what: str, member: Member, *, key: str, place: Membership, country: str = "") -> None:
    if not member.email or member.is_closed or not member.sign_in_allowed:
        return
    letters.write(
        f"spaces/mail_{what}.txt",
        to=member.email,
        language=member.language,
        key=f"spaces-{key}",
        member=member,
        place=place,
        space=place.space,
        country=country,
    )


register("spaces.mail_removed", _mail_removed)
# What may be said in a room depends on the countries of its readers; and whoever looks after the
# site reads along from now on.
for _what in ("new_country", "administrator_joined"):
    register(f"spaces.mail_{_what}", partial(_mail_moderators, _what))
    register(f"spaces.mail_{_what}_to", partial(_mail_moderator, _what))
register("spaces.mail_paused", _mail_paused)
register("spaces.mail_pause_proposed", _mail_pause_proposed)
register("spaces.mail_pause_proposed_to", _mail_pause_proposed_to)
register("spaces.mail_posting_paused", _mail_posting_paused)
register("spaces.mail_posting_paused_to", _mail_posting_paused_to)
