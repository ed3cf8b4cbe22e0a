"""Who may see a member, look after members, and check credentials."""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa

from community.kernel import settings
from community.kernel.access import UNSEEN, YES, Decision, no
from community.kernel.db import session
from community.kernel.words import N_
from community.members.models import Credential, Duty, Member

Neighbours = Callable[[Member], sa.Select[int]]

_neighbours: list[Neighbours] = []


def register_neighbours(neighbours: Neighbours) -> None:
    """Register what selects the ids of those who share a room with a member.

    Members know no spaces; whoever keeps rooms says here who meets in them.
    """
    if neighbours not in _neighbours:
        _neighbours.append(neighbours)


def members_visible_to(viewer: Member) -> sa.ColumnElement[bool]:
    """Return the condition under which a member's page exists for the viewer."""
    if _sees_everybody(viewer):
        return sa.true()
    return sa.or_(
        Member.id == viewer.id, *(Member.id.in_(select(viewer)) for select in _neighbours)
    )


def may_see_member(viewer: Member, member: Member) -> Decision:
    """Oneself, those who share a space, and whoever looks after members or credentials."""
    seen = session().scalar(
        sa.select(Member.id).where(Member.id == member.id, members_visible_to(viewer))
    )
    return YES if seen is not None else UNSEEN


def _sees_everybody(viewer: Member) -> bool:
    return viewer.holds(Duty.ADMINISTRATOR, Duty.VERIFICATION)


def may_look_after_members(actor: Member) -> Decision:
    """Only the administrator lists, creates and closes members and gives duties."""
    return YES if actor.holds(Duty.ADMINISTRATOR) else UNSEEN


def may_give_duties(actor: Member, member: Member) -> Decision:
    """Duties are the company's work, so only its members can hold them; nobody gives their own.

    Where there is one administrator, whoever has the machine makes a second one.
    """
    if not may_look_after_members(actor):
        return UNSEEN
    if actor.id == member.id:
        return no(
            "oneself",
            N_(
                "You can't change your own duties, since they open cases and sign rules. Ask"
                " another administrator. If there is none, community member create makes one."
            ),
        )
    if not member.is_company:
        return no("not_company", N_("Only members who work for the company can hold a duty."))
    return YES


def may_set_job(actor: Member, member: Member) -> Decision:
    """The administrator says what somebody does at the company, so that readers can rely on it."""
    if not may_look_after_members(actor):
        return UNSEEN
    if not member.is_company:
        return no("not_company", N_("Only members who work for the company have a role there."))
    return YES


def may_close_member(actor: Member, member: Member) -> Decision:
    """Nobody closes their own access, so at least one administrator always stays."""
    if not may_look_after_members(actor):
        return UNSEEN
    if actor.id == member.id:
        return no("oneself", N_("You can't close your own access. Ask another administrator."))
    return YES


def name_stands_for_more(member: Member) -> bool:
    """Whether a name is printed under more than one's own words: of the company, or of a duty."""
    return member.is_company or bool(member.duties)


def needs_second_factor(member: Member) -> bool:
    """Whether a password is not enough: staff and duties reach far, and a site may ask all."""
    asked = settings.current()
    reaches_far = member.is_company or bool(member.duties)
    return asked.asks_second_factor and (asked.asks_everyone or reaches_far)


def may_reset_second_factor(actor: Member, member: Member) -> Decision:
    """The administrator, and never for oneself: whoever finds one's browser open could."""
    if not may_look_after_members(actor):
        return UNSEEN
    if actor.id == member.id:
        return no("oneself", N_("Another administrator has to reset your own second factor."))
    return YES


def may_sign_out(actor: Member, member: Member) -> Decision:
    """The administrator signs others out; one's own browsers are on one's own security page."""
    if not may_look_after_members(actor):
        return UNSEEN
    if actor.id == member.id:
        return no("oneself", N_("Sign out your own browsers under Security."))
    return YES


def holds_duty(duty: Duty) -> sa.ColumnElement[bool]:
    """Return the condition that a member holds a duty and has not been closed."""
    # The list is JSON; its text is the one form that both databases can search alike.
    named = sa.cast(Member.duties, sa.Text).like(f'%"{duty.value}"%')
    return sa.and_(named, Member.closed_at.is_(None))


def may_check_credentials(actor: Member) -> Decision:
    """Whoever holds verification; where nobody does, compliance; then the administrator."""
    if actor.holds(Duty.VERIFICATION):
        return YES
    if not actor.holds(Duty.COMPLIANCE, Duty.ADMINISTRATOR) or _is_held(Duty.VERIFICATION):
        return UNSEEN
    if actor.holds(Duty.COMPLIANCE) or not _is_held(Duty.COMPLIANCE):
        return YES
    return UNSEEN


def may_check_credential(actor: Member, credential: Credential) -> Decision:
    """As above, and nobody checks their own."""
    if not may_check_credentials(actor):
        return UNSEEN
    if credential.member_id == actor.id:
        return no("oneself", N_("Somebody else has to check your own credential."))
    return YES


def credentials_visible_to(viewer: Member) -> sa.ColumnElement[bool]:
    """Return the condition under which a credential is in the viewer's list."""
    return sa.true() if may_check_credentials(viewer) else sa.false()


def _is_held(duty: Duty) -> bool:
    return session().scalar(sa.select(Member.id).where(holds_duty(duty)).limit(1)) is not None
