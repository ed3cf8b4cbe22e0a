"""Judging every text by the set in force; drafting, signing and acknowledging sets."""

from community.guardrails.services.acknowledging import (
    acknowledge,
    announce_set_in_force,
    note_missed,
    wrong_answers,
)
from community.guardrails.services.besides import require_sayable
from community.guardrails.services.commenting import add_comment, settle_comment
from community.guardrails.services.drafting import (
    add_rule,
    change_file,
    change_head,
    change_rule,
    head_mark_of,
    mark_of,
    remove_rule,
    start_draft,
    withdraw_draft,
)
from community.guardrails.services.judging import (
    Judgement,
    SetChange,
    Writing,
    judge,
    keep,
    preview,
    rejudge,
)
from community.guardrails.services.offering import offer_draft, require_fit
from community.guardrails.services.signing import MEANING, add_set, sign, sign_with_password

__all__ = [
    "MEANING",
    "Judgement",
    "SetChange",
    "Writing",
    "acknowledge",
    "add_comment",
    "add_rule",
    "add_set",
    "announce_set_in_force",
    "change_file",
    "change_head",
    "change_rule",
    "head_mark_of",
    "judge",
    "keep",
    "mark_of",
    "note_missed",
    "offer_draft",
    "preview",
    "rejudge",
    "remove_rule",
    "require_fit",
    "require_sayable",
    "settle_comment",
    "sign",
    "sign_with_password",
    "start_draft",
    "withdraw_draft",
    "wrong_answers",
]
