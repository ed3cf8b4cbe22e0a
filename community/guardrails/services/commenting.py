"""What co-authors remark on a draft, and that it is settled."""

from __future__ import annotations

from community.audit.services import record
from community.guardrails import access, blocks
from community.guardrails.models import DraftComment, SetDraft
from community.kernel import clock
from community.kernel.access import require
from community.kernel.db import session
from community.kernel.errors import Conflict, Invalid
from community.kernel.turns import take_turn
from community.kernel.words import N_
from community.members.models import Member

LONGEST_COMMENT = 4_000


def add_comment(*, actor: Member, draft: SetDraft, text: str, rule_id: str = "") -> DraftComment:
    """Remark on a draft or on one rule of it.

    Raises:
        Forbidden: the actor is no co-author, or the draft is closed.
        Invalid: nothing is said, or there is no such rule.
    """
    take_turn(draft)
    require(access.may_comment(actor, draft))
    text = text.strip()
    if not text:
        raise Invalid(N_("Write what you want to remark."), field="text")
    if len(text) > LONGEST_COMMENT:
        raise Invalid(N_("That is too long."), field="text")
    if rule_id and blocks.find_block(draft.source, rule_id) is None:
        raise Invalid(N_("This rule is no longer in the draft."), field="text")
    comment = DraftComment(
        draft_id=draft.id, member=actor, text=text, rule_id=rule_id, created_at=clock.now()
    )
    session().add(comment)
    session().flush()
    _record(actor, comment, "added", new={"rule": rule_id})
    return comment


def settle_comment(*, actor: Member, draft: SetDraft, comment: DraftComment) -> None:
    """Say that a remark has been dealt with.

    Raises:
        Forbidden: the actor neither made it nor writes rules, or the draft is closed.
        Conflict: it is settled already.
    """
    take_turn(comment)
    require(access.may_settle(actor, draft, comment))
    if not comment.is_open:
        raise Conflict(N_("This remark is settled already."))
    comment.settled_at, comment.settled_by_id = clock.now(), actor.id
    comment.version += 1
    session().flush()
    _record(actor, comment, "settled")


def _record(
    actor: Member, comment: DraftComment, what: str, new: dict[str, object] | None = None
) -> None:
    record(
        actor=actor,
        action=f"guardrail_draft_comment.{what}",
        subject_kind="guardrail_draft_comment",
        subject_id=comment.id,
        new={"draft": comment.draft_id, **(new or {})},
    )
