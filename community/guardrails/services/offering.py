"""Closes a draft and offers it for signing, as a set that nobody changes any more."""

from __future__ import annotations

from community.audit.services import record
from community.guardrails import access, engine, queries
from community.guardrails.models import DraftState, GuardrailSetVersion, SetDraft
from community.guardrails.services import fitting
from community.guardrails.services.signing import add_set
from community.jobs.services import enqueue
from community.kernel import clock
from community.kernel.access import require
from community.kernel.db import session
from community.kernel.errors import Invalid
from community.kernel.turns import take_turn
from community.kernel.words import N_
from community.members.models import Member


def offer_draft(*, actor: Member, draft: SetDraft) -> GuardrailSetVersion:
    """Make a set of a draft and ask those who must sign it.

    Raises:
        Forbidden: the actor does not write rules, or the draft is closed.
        Invalid: it holds faults, remarks are open, its day is past or taken, or nobody who has not
            written in it could sign for a duty.
    """
    take_turn(draft)
    fitting.take_turn_of_days()
    require(access.may_edit_draft(actor, draft))
    require_fit(draft)
    version = add_set(actor=actor, source=draft.source, products=draft.products)
    draft.state = DraftState.OFFERED
    draft.set_version_id = version.id
    draft.version += 1
    session().flush()
    record(
        actor=actor,
        action="guardrail_draft.offered",
        subject_kind="guardrail_draft",
        subject_id=draft.id,
        new={"set_version": version.id, "sha256": version.sha256,
             "authors": sorted(draft.author_ids)},
    )  # fmt: skip
    for member in queries.signers(version):
        args = {"member_id": member.id, "version_id": version.id}
        enqueue("guardrails.mail_asked_to_sign", args, key=f"sign-{version.id}-{member.id}")
    return version


def require_fit(draft: SetDraft) -> None:
    """Let pass only a draft that can be signed.

    Raises:
        Invalid: with the first thing that stands in the way.
    """
    loaded = queries.load(draft.source, draft.products)
    if loaded.rules is None:
        raise Invalid(N_("The draft holds faults. They stand at the top of its page."))
    if loaded.broken:
        raise Invalid(
            N_("%(num)s examples do not do what they should. They stand at the top of its page."),
            num=len(loaded.broken),
        )
    if queries.count_open_comments(draft):
        raise Invalid(
            N_("%(num)s remarks are still open. Settle them first."),
            num=queries.count_open_comments(draft),
        )
    _require_day_to_come(loaded.rules)
    fitting.require_own_day(loaded.rules)
    _require_other_words(loaded.rules)
    fitting.require_own_name(loaded.rules)
    for duty in dict.fromkeys([*queries.NEEDED, *loaded.rules.needs_signature]):
        if not queries.who_could_sign(draft, duty):
            raise Invalid(
                N_("Nobody could sign for %(duty)s: whoever holds that duty has written in the"
                   " draft. Give the duty to another member, or let others write it."),
                duty=duty.replace("_", " "),
            )  # fmt: skip


def _require_day_to_come(rules: engine.GuardrailSet) -> None:
    effective = rules.effective
    if effective is None:
        raise Invalid(N_("Say from which day the set holds."))
    if effective < clock.today():
        raise Invalid(
            N_("The set would hold from %(day)s, which is past. Choose today or a later day."),
            day=fitting.said(effective),
        )


def _require_other_words(rules: engine.GuardrailSet) -> None:
    if queries.find_by_hash(rules.sha256) is not None:
        raise Invalid(N_("This is the same, word for word, as a set that is there already."))
