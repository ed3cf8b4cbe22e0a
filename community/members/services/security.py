"""What keeps an account safe: password, address, and the browsers in which one is signed in."""

from __future__ import annotations

import sqlalchemy as sa

from community.audit.services import record
from community.jobs.services import enqueue
from community.kernel import clock, limits
from community.kernel.access import require
from community.kernel.db import session
from community.kernel.errors import Conflict, Gone, Invalid, NotFound
from community.kernel.realtime import after_commit_disconnect_session
from community.kernel.words import N_
from community.members import access
from community.members.models import MailLink, Member, MemberSession, Purpose
from community.members.services import addresses, links, passwords
from community.members.services.notices import tell
from community.members.services.signing_in import NotRecognised, confirm_password


def set_password(*, actor: Member | None, member: Member, password: str) -> None:
    """Give a member a new password, and tell them by mail that it has one.

    Raises:
        Invalid: it is too easily guessed.
    """
    passwords.require_good(password, email=member.email or "")
    member.password_hash = passwords.hash_password(password)
    links.void_links(member)
    record(actor=actor, action="member.password_set", subject_kind="member", subject_id=member.id)
    tell(member, "password_set")


def change_password(
    *, actor: Member, current: str, password: str, address: str, here: MemberSession
) -> None:
    """Change one's own password and sign out everywhere else.

    Args:
        actor: whose it is.
        current: the one until now; not asked where there is none.
        password: the new one.
        address: of the client, for the limits.
        here: the session that stays.

    Raises:
        Invalid: the current one is wrong, or the new one too easily guessed.
    """
    _require_current(actor, current, address)
    set_password(actor=actor, member=actor, password=password)
    end_other_sessions(actor=actor, here=here)


def _require_current(actor: Member, current: str, address: str) -> None:
    if not actor.password_hash:
        return
    try:
        confirm_password(actor=actor, password=current, address=address)
    except NotRecognised:
        raise Invalid(N_("That is not your password."), field="current") from None


def reset_password(*, token: str, password: str) -> Member:
    """Set a new password by a link from the mailbox and sign out everywhere.

    Raises:
        Gone: the link has been used or has run out.
        Invalid: the password is too easily guessed; the link is kept.
    """
    usable = links.find_usable(token=token, purpose=Purpose.PASSWORD)
    if usable is not None:
        owner = session().get_one(Member, usable.member_id)
        passwords.require_good(password, email=owner.email or "")
    link = links.spend_link(token=token, purpose=Purpose.PASSWORD)
    member = session().get_one(Member, link.member_id)
    set_password(actor=member, member=member, password=password)
    _end(member, MemberSession.ended_at.is_(None))
    return member


def ask_for_new_email(*, actor: Member, email: str, password: str, address: str) -> None:
    """Send a link to the new address; the old one holds until it is pressed.

    The answer is the same for an address that another member has.

    Raises:
        Invalid: it is no address, it is the present one, or the password is wrong.
        TooMany: too many letters.
    """
    new = addresses.normalise_email(email)
    if new == actor.email:
        raise Invalid(N_("That is your address already."), field="email")
    _require_current(actor, password, address)
    limits.spend("5 per hour", "new_email", actor.id)
    if addresses.find_by_email(new) is not None:
        return
    link = links.make_link(actor, Purpose.EMAIL, lasting=links.LASTING[Purpose.EMAIL], email=new)
    enqueue("members.mail_email_link", {"link_id": link.id})


def confirm_new_email(*, token: str) -> Member:
    """Change the address to the one whose mailbox the link came from; tell the old one.

    Raises:
        Gone: the link has been used or has run out.
        Conflict: somebody else has taken the address meanwhile.
    """
    link = links.spend_link(token=token, purpose=Purpose.EMAIL)
    member = session().get_one(Member, link.member_id)
    if member.is_closed:
        raise Gone(N_("This link has been used, or its time is over."))
    if addresses.find_by_email(link.email) is not None:
        raise Conflict(N_("This address belongs to somebody else by now."))
    old, member.email = member.email, link.email
    links.void_links(member)
    note = _note_for(member, old or "")
    enqueue("members.mail_email_changed", {"link_id": note.id})
    record(actor=member, action="member.email_changed", subject_kind="member", subject_id=member.id)
    return member


def _note_for(member: Member, old: str) -> MailLink:
    """Keep the old address for the one letter that still goes there; the link opens nothing."""
    note = links.make_link(member, Purpose.EMAIL, lasting=links.LASTING[Purpose.EMAIL], email=old)
    note.used_at = clock.now()
    return note


def end_session(*, actor: Member, session_id: int) -> None:
    """Sign out one of one's own browsers.

    Raises:
        NotFound: it is not one's own, or is over.
    """
    ended = _end(actor, MemberSession.id == session_id)
    if not ended:
        raise NotFound


def end_other_sessions(*, actor: Member, here: MemberSession) -> int:
    """Sign out everywhere but here; return how many browsers that were."""
    return len(_end(actor, MemberSession.id != here.id))


def sign_out_everywhere(*, actor: Member, member: Member) -> int:
    """Sign a member out of every browser, as where a device was lost; return how many those were.

    Links that lie in the mailbox end too. The member is told by letter and can sign in again.
    """
    require(access.may_sign_out(actor, member))
    ended = _end(member, sa.true())
    links.void_links(member)
    record(
        actor=actor, action="member.signed_out", subject_kind="member", subject_id=member.id,
        new={"sessions": len(ended)},
    )  # fmt: skip
    tell(member, "signed_out")
    return len(ended)


def _end(member: Member, which: sa.ColumnElement[bool]) -> list[int]:
    ended = session().scalars(
        sa.update(MemberSession)
        .where(MemberSession.member_id == member.id, MemberSession.ended_at.is_(None), which)
        .values(ended_at=clock.now())
        .returning(MemberSession.id)
    )
    ids = list(ended)
    for session_id in ids:
        after_commit_disconnect_session(session_id)
    return ids
