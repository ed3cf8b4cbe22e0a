"""Letters to members and to those who check credentials. They say that something is, never what."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial

from community.jobs.services import enqueue, register
from community.kernel import housekeeping, letters
from community.kernel.db import Json, session
from community.members import queries, services
from community.members.models import Credential, CredentialState, Duty, MailLink, Member, Purpose
from community.members.services.links import address_of


def _issue_link(args: Json) -> None:
    services.issue_link(member_id=args["member_id"], purpose=Purpose(args["purpose"]))


def _mail_link(what: str) -> Callable[[Json], None]:
    def mail(args: Json) -> None:
        link = session().get_one(MailLink, args["link_id"])
        if link.used_at is not None:
            return
        member = session().get_one(Member, link.member_id)
        _write(what, member, key=f"link-{link.id}", to=link.email, address=address_of(link))

    return mail


def _mail_member(what: str) -> Callable[[Json], None]:
    def mail(args: Json) -> None:
        member = session().get_one(Member, args["member_id"])
        _write(what, member, key=f"{what}-{args['letter']}")

    return mail


def _mail_email_changed(args: Json) -> None:
    """To the old address, which the used-up link has kept."""
    note = session().get_one(MailLink, args["link_id"])
    member = session().get_one(Member, note.member_id)
    _write("email_changed", member, key=f"link-{note.id}", to=note.email)


def _mail_checkers(what: str, args: Json) -> None:
    """To those who check credentials, each by a job: one that fails repeats no other."""
    credential = session().get_one(Credential, args["credential_id"])
    occasion = args.get("letter", f"{credential.id}-{credential.version}")
    for member in queries.those_who_check_credentials():
        key = f"{what}-{occasion}-{member.id}"
        enqueue(f"members.mail_{what}_to", {**args, "member_id": member.id, "key": key}, key=key)


def _mail_checker(what: str, args: Json) -> None:
    credential = session().get_one(Credential, args["credential_id"])
    if what == "name_changed" or credential.state is CredentialState.PENDING:
        member = session().get_one(Member, args["member_id"])
        _write(what, member, key=args["key"], path=f"/credentials/{credential.id}")


def _mail_administrator(what: str) -> Callable[[Json], None]:
    """To one administrator, for as long as they are one: who did what to whom, and when."""

    def mail(args: Json) -> None:
        reader = session().get_one(Member, args["member_id"])
        if not reader.holds(Duty.ADMINISTRATOR) or reader.is_closed:
            return
        about = session().get_one(Member, args["about_id"])
        at = datetime.fromisoformat(args["at"])
        actor = queries.find_name(args["actor_id"])
        key = f"{what}-{args['letter']}-{reader.id}"
        _write(what, reader, key=key, about=about, actor=actor, at=at, facts=args)

    return mail


def _write(what: str, member: Member, *, key: str, to: str = "", **values: object) -> None:
    address = to or member.email
    if not address:
        return
    letters.write(
        f"members/mail_{what}.txt",
        to=address,
        language=member.language,
        key=f"members-{key}",
        member=member,
        **values,
    )


housekeeping.every(60, "seen", services.write_seen)
housekeeping.every(60, "sessions", services.end_worn_out_sessions, per_site=True)
register("members.issue_link", _issue_link)
register("members.mail_welcome", _mail_link("welcome"))
register("members.mail_email_changed", _mail_email_changed)
for _what in ("credential_waiting", "name_changed"):
    register(f"members.mail_{_what}", partial(_mail_checkers, _what))
    register(f"members.mail_{_what}_to", partial(_mail_checker, _what))
for _what in ("duties_of_member_changed", "name_of_staff_changed"):
    register(f"members.mail_{_what}", _mail_administrator(_what))
for _purpose in Purpose:
    register(f"members.mail_{_purpose.value}_link", _mail_link(f"{_purpose.value}_link"))
for _what in (
    "password_set",
    "duties_changed",
    "job_changed",
    "closed",
    "reopened",
    "credential_checked",
    "credential_refused",
    "second_factor_changed",
    "second_factor_reset",
    "signed_out",
    "recovery_code_used",
):
    register(f"members.mail_{_what}", _mail_member(_what))
