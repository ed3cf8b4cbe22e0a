"""Who may read the library of approved responses, and who keeps it."""

from __future__ import annotations

from community.kernel.access import UNSEEN, YES, Decision, no
from community.kernel.words import N_
from community.members.models import Duty, Member
from community.responses.models import ResponseVersion

KEEPERS = (Duty.MEDICAL_INFORMATION, Duty.MEDICAL)


def may_see_library(viewer: Member) -> Decision:
    """The company's people, who answer with it."""
    return YES if viewer.is_company and not viewer.is_closed else UNSEEN


def may_keep_library(viewer: Member) -> Decision:
    """Medical Information and Medical add versions and withdraw responses."""
    seen = may_see_library(viewer)
    if not seen:
        return seen
    if not viewer.holds(*KEEPERS):
        return no("not_keeper", N_("Medical Information and Medical keep the library."))
    return YES


def may_confirm_version(viewer: Member, version: ResponseVersion) -> Decision:
    """A keeper other than the one who added it, once."""
    may = may_keep_library(viewer)
    if not may:
        return may
    if version.confirmed_at is not None:
        return no("confirmed", N_("This version is confirmed already."))
    if version.added_by_id == viewer.id:
        return no("own", N_("You have added this version, so another keeper has to confirm it."))
    return YES
