"""Who may read the guardrails, and who may sign them."""

from __future__ import annotations

from community.guardrails.models import GuardrailSetVersion
from community.kernel.access import UNSEEN, YES, Decision, no
from community.kernel.words import N_
from community.members.models import Member


def may_see_guardrails(viewer: Member) -> Decision:
    """The company's people, who are bound by them."""
    return YES if viewer.is_company and not viewer.is_closed else UNSEEN


def may_sign(viewer: Member, version: GuardrailSetVersion, duty: str) -> Decision:
    """Whoever holds a duty that must sign, once."""
    seen = may_see_guardrails(viewer)
    if not seen:
        return seen
    if duty not in version.needs or duty not in viewer.duties:
        return no("not_yours", N_("Only who holds this duty can sign for it."))
    if any(signature.duty == duty for signature in version.signatures):
        return no("signed", N_("This duty has already signed."))
    return YES


def duties_to_sign(viewer: Member, version: GuardrailSetVersion) -> tuple[str, ...]:
    """The list twin of `may_sign`."""
    return tuple(duty for duty in version.needs if may_sign(viewer, version, duty))
