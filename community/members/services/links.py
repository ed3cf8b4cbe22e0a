"""Links by mail: asked for by anybody, sent to members alone, spent once.

Asking does the same for a known and an unknown address: one look, one piece of work left. What is
found out is found out by the worker, where nobody can time it.
"""

from __future__ import annotations

import logging
from datetime import timedelta

import sqlalchemy as sa

from community.jobs.services import enqueue
from community.kernel import clock, limits, settings, tokens
from community.kernel.db import session
from community.kernel.errors import Gone
from community.kernel.words import N_
from community.members.models import MailLink, Member, Purpose
from community.members.services.addresses import find_by_email, fold_email

log = logging.getLogger(__name__)

LASTING = {
    Purpose.SIGN_IN: timedelta(minutes=10),
    Purpose.PASSWORD: timedelta(minutes=10),
    Purpose.EMAIL: timedelta(hours=24),
}
WELCOME = timedelta(days=7)
_PATHS = {
    Purpose.SIGN_IN: "/sign-in/link/",
    Purpose.PASSWORD: "/password/reset/",
    Purpose.EMAIL: "/profile/email/",
}
_SPENT = N_("This link has been used, or its time is over. Ask for a new one; it comes at once.")


def ask_for_link(*, email: str, purpose: Purpose, address: str) -> None:
    """Leave it to the worker to send a link, if the address is a member's.

    Args:
        email: as typed.
        purpose: to sign in, or to set a new password.
        address: of the client, for the limits.

    Raises:
        TooMany: by this client, or for this e-mail address, known or not.
    """
    limits.spend("20 per 10 minutes", "mail_link", "address", address)
    limits.spend("5 per 15 minutes", "mail_link", "email", fold_email(email))
    member = find_by_email(email)
    enqueue("members.issue_link", {"member_id": member.id if member else 0,
                                   "purpose": purpose.value})  # fmt: skip


def send_welcome(member: Member) -> None:
    """Send a new member a link that lets them in and lasts some days."""
    link = make_link(member, Purpose.SIGN_IN, lasting=WELCOME)
    enqueue("members.mail_welcome", {"link_id": link.id})


def issue_link(*, member_id: int, purpose: Purpose) -> None:
    """Make a link for a member who may use one, and leave its mail to be sent."""
    member = session().get(Member, member_id)
    if member is None or not can_sign_in(member):
        return
    link = make_link(member, purpose, lasting=LASTING[purpose])
    enqueue(f"members.mail_{purpose.value}_link", {"link_id": link.id})


def can_sign_in(member: Member) -> bool:
    """Whether a link is any use to them: they have an address and came to take part."""
    return member.sign_in_allowed and bool(member.email)


def issue_sign_in_link(*, member: Member, hours: float) -> str:
    """Return the address of a one-time link, for a console or a demo."""
    link = make_link(member, Purpose.SIGN_IN, lasting=timedelta(hours=hours))
    return address_of(link)


def make_link(member: Member, purpose: Purpose, *, lasting: timedelta, email: str = "") -> MailLink:
    """Add a link; its token is kept nowhere and can be made again from the row."""
    nonce, now = tokens.nonce(), clock.now()
    link = MailLink(
        member_id=member.id,
        purpose=purpose,
        nonce=nonce,
        token_hash=tokens.digest(_token(purpose, nonce)),
        created_at=now,
        expires_at=now + lasting,
        email=email,
    )
    session().add(link)
    session().flush()
    return link


def address_of(link: MailLink) -> str:
    """Return the full address of a link."""
    found = settings.current()
    token = tokens.make_again(
        keys=found.secret_keys,
        purpose=_named(link.purpose),
        nonce=link.nonce,
        kept=link.token_hash,
    )
    return f"{found.base_url}{_PATHS[link.purpose]}{token}"


def _token(purpose: Purpose, nonce: str) -> str:
    key = settings.current().secret_key
    return tokens.make(key=key, purpose=_named(purpose), nonce=nonce)


def _named(purpose: Purpose) -> str:
    return f"members.{purpose.value}"


def find_usable(*, token: str, purpose: Purpose) -> MailLink | None:
    """Return a link that can still be spent."""
    link = session().scalar(
        sa.select(MailLink).where(
            MailLink.token_hash == tokens.digest(token), MailLink.purpose == purpose
        )
    )
    if link is None or link.used_at is not None or link.expires_at <= clock.now():
        return None
    return link


def spend_link(*, token: str, purpose: Purpose) -> MailLink:
    """Use a link up; of two who try at once, one succeeds.

    Raises:
        Gone: it has been used, has run out, or never was.
    """
    link = find_usable(token=token, purpose=purpose)
    if link is None:
        log.warning("a link was not taken: %s", purpose.value)
        raise Gone(_SPENT)
    spent = (
        session()
        .execute(
            sa.update(MailLink)
            .where(MailLink.id == link.id, MailLink.used_at.is_(None))
            .values(used_at=clock.now())
            .returning(MailLink.id)
        )
        .scalar()
    )
    if spent is None:
        raise Gone(_SPENT)
    return link


def void_links(member: Member) -> None:
    """Use up all links of a member that still lie in a mailbox."""
    session().execute(
        sa.update(MailLink)
        .where(MailLink.member_id == member.id, MailLink.used_at.is_(None))
        .values(used_at=clock.now())
    )
