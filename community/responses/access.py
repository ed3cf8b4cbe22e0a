"""Who may read the library of approved responses, and who keeps it."""

from __future__ import annotations

from community.kernel.access import UNSEEN, YES, Decision, no
from community.kernel.words import N_
from community.members.models import Duty, Member

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
