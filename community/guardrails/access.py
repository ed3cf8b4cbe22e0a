"""Who may read the guardrails, write and comment drafts of them, sign them, and post under them.

*Drafters* answer for what is said and so write the rules: company members with the duty
compliance, medical, legal or regulatory. *Co-authors* read drafts, try them out and comment: the
drafters, the company's holders of the duties safety, quality, privacy and medical information, and
everybody who moderates a space, since they live with the rules. Nobody signs what they wrote.
"""

from __future__ import annotations

import sqlalchemy as sa

from community.guardrails.models import (
    Acknowledgement,
    DraftComment,
    GuardrailSetVersion,
    SetDraft,
)
from community.kernel.access import UNSEEN, YES, Decision, no
from community.kernel.db import session
from community.kernel.words import N_
from community.members.models import Duty, Member
from community.spaces.models import Membership, MembershipState, Role

DRAFTERS = (Duty.COMPLIANCE, Duty.MEDICAL, Duty.LEGAL, Duty.REGULATORY)
COMMENTING = (*DRAFTERS, Duty.SAFETY, Duty.QUALITY, Duty.PRIVACY, Duty.MEDICAL_INFORMATION)


def may_see_guardrails(viewer: Member) -> Decision:
    """The company's people, who are bound by them."""
    return YES if viewer.is_company and not viewer.is_closed else UNSEEN


def may_sign(viewer: Member, version: GuardrailSetVersion, duty: str) -> Decision:
    """Whoever holds a duty that must sign: one person for one duty, and never an author of the set.

    Several duties may be one person's work, but then the set is read by as many as it needs.
    """
    seen = may_see_guardrails(viewer)
    if not seen:
        return seen
    if duty not in version.needs or duty not in viewer.duties:
        return no("not_yours", N_("Only who holds this duty can sign for it."))
    if any(signature.duty == duty for signature in version.signatures):
        return no("signed", N_("This duty has already signed."))
    if any(signature.member_id == viewer.id for signature in version.signatures):
        return no(
            "signed_for_another",
            N_("You have signed this set for another duty. Somebody else has to sign for this."),
        )
    if viewer.id in author_ids(version):
        return no(
            "author",
            N_("You have written in this set, so another holder of the duty has to sign it."),
        )
    return YES


def duties_to_sign(viewer: Member, version: GuardrailSetVersion) -> tuple[str, ...]:
    """The list twin of `may_sign`."""
    return tuple(duty for duty in version.needs if may_sign(viewer, version, duty))


def author_ids(version: GuardrailSetVersion) -> frozenset[int]:
    """Who wrote in a set, or in drafts whose words came into it by the command line."""
    drafts = session().scalars(sa.select(SetDraft).where(SetDraft.set_version_id == version.id))
    return frozenset(member_id for draft in drafts for member_id in draft.author_ids)


def authors_nobody_checked(version: GuardrailSetVersion | None) -> frozenset[int]:
    """Who wrote in a set for which not every duty has signed, so that their words are unchecked."""
    if version is None:
        return frozenset()
    signed = {signature.duty for signature in version.signatures}
    return frozenset() if signed.issuperset(version.needs) else author_ids(version)


# --- drafts --------------------------------------------------------------------------------------


def may_see_drafts(viewer: Member) -> Decision:
    """The co-authors."""
    if viewer.is_closed:
        return UNSEEN
    if viewer.is_company and viewer.holds(*COMMENTING):
        return YES
    return YES if _moderates(viewer) else UNSEEN


def _moderates(viewer: Member) -> bool:
    place = sa.select(Membership.id).where(
        Membership.member_id == viewer.id,
        Membership.role == Role.MODERATOR,
        Membership.state == MembershipState.ACTIVE,
    )
    return session().scalar(place.limit(1)) is not None


def may_write_drafts(viewer: Member) -> Decision:
    """The drafters."""
    seen = may_see_drafts(viewer)
    if seen and not (viewer.is_company and viewer.holds(*DRAFTERS)):
        return no(
            "not_drafter",
            N_("Compliance, medical, legal and regulatory write the rules. You can comment."),
        )
    return seen


def may_edit_draft(viewer: Member, draft: SetDraft) -> Decision:
    """The drafters, until the draft is offered for signing or withdrawn."""
    may = may_write_drafts(viewer)
    return may and _is_open(draft)


def may_comment(viewer: Member, draft: SetDraft) -> Decision:
    """The co-authors, as long as the draft is open."""
    seen = may_see_drafts(viewer)
    return seen and _is_open(draft)


def may_settle(viewer: Member, draft: SetDraft, comment: DraftComment) -> Decision:
    """Whoever made the remark, and the drafters."""
    may = may_comment(viewer, draft)
    if may and comment.member_id != viewer.id:
        return may_write_drafts(viewer)
    return may


def _is_open(draft: SetDraft) -> Decision:
    if draft.is_open:
        return YES
    return no("closed", N_("This draft is closed: it can be read, and nothing in it changes."))


# --- posting under a set -------------------------------------------------------------------------


def must_acknowledge(viewer: Member) -> bool:
    """Company members with a place in a space: whatever they post is the company speaking."""
    if not viewer.is_company or viewer.is_closed:
        return False
    place = sa.select(Membership.id).where(
        Membership.member_id == viewer.id, Membership.state == MembershipState.ACTIVE
    )
    return session().scalar(place.limit(1)) is not None


def may_post_under(author: Member, version: GuardrailSetVersion) -> Decision:
    """Company authors once they have acknowledged the set; members always."""
    if not author.is_company or has_acknowledged(author, version):
        return YES
    return no(
        "not_acknowledged",
        N_(
            "New guardrails are in force: %(name)s %(version)s. Read what changed and acknowledge"
            " it, then you can post. Your text is kept."
        ),
        name=version.name,
        version=version.version,
        set_id=version.id,
    )


def has_acknowledged(member: Member, version: GuardrailSetVersion) -> bool:
    """Whether a member has acknowledged a set."""
    found = sa.select(Acknowledgement.id).where(
        Acknowledgement.member_id == member.id, Acknowledgement.set_version_id == version.id
    )
    return session().scalar(found) is not None


def may_acknowledge(viewer: Member) -> Decision:
    """Whoever posts for the company."""
    seen = may_see_guardrails(viewer)
    if seen and not must_acknowledge(viewer):
        return no("no_place", N_("Only who posts in a space has to acknowledge a set."))
    return seen
