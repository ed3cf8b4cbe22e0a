"""Writes drafts of a set of rules: begun from the last set, changed rule by rule or as a file.

A draft may hold faults while it is written. Two who write in different rules never meet; of two who
write in the same, the second is told, and what they typed is theirs to put in again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from datetime import date

from community.audit.services import record
from community.guardrails import access, blocks, queries
from community.guardrails.models import DraftAuthor, DraftState, GuardrailSetVersion, SetDraft
from community.guardrails.services.borrowing import authors_of_words_added
from community.kernel import clock
from community.kernel.access import require
from community.kernel.db import Json, session
from community.kernel.errors import Conflict, Invalid, NotFound
from community.kernel.turns import take_turn
from community.kernel.words import N_
from community.members.models import Member

LONGEST_FILE = 1_000_000
LONGEST_RULE = 60_000
LONGEST_PURPOSE = 4_000


def mark_of(text: str) -> str:
    """Return what a form carries to say which wording its writer had before them."""
    return hashlib.sha256("\n".join(text.splitlines()).encode()).hexdigest()[:16]


def start_draft(*, actor: Member, purpose: str, based_on: GuardrailSetVersion | None) -> SetDraft:
    """Begin a draft with the rules of a set, or with the shipped ones where there is none.

    Who wrote in a set that was never signed whole is an author of the draft as well: their words
    are in it, and nobody else has answered for them.

    Args:
        actor: who begins.
        purpose: what is to change, and why.
        based_on: the set it begins from.

    Raises:
        Forbidden: the actor does not write rules.
        Invalid: nothing is said about the purpose.
    """
    require(access.may_write_drafts(actor))
    source, products = (
        (based_on.source, dict(based_on.products))
        if based_on is not None
        else queries.shipped_files()
    )
    now = clock.now()
    draft = SetDraft(
        purpose=_purpose(purpose),
        source=_plain(source),
        products=products,
        created_by_id=actor.id,
        created_at=now,
        changed_by_id=actor.id,
        changed_at=now,
        based_on_id=based_on.id if based_on is not None else None,
    )
    session().add(draft)
    for member_id in access.authors_nobody_checked(based_on):
        draft.authors.append(DraftAuthor(draft=draft, member_id=member_id, first_at=now))
    session().flush()
    _record(actor, draft, "started", new={"based_on": draft.based_on_id, "purpose": draft.purpose})
    return draft


def _purpose(purpose: str) -> str:
    purpose = purpose.strip()
    if not purpose:
        raise Invalid(N_("Say what is to change, and why: signers and liaisons read it."),
                      field="purpose")  # fmt: skip
    if len(purpose) > LONGEST_PURPOSE:
        raise Invalid(N_("That is too long."), field="purpose")
    return purpose


def head_mark_of(draft: SetDraft) -> str:
    """Return what the form of a draft's head carries: the mark of its purpose, name and day."""
    return mark_of(f"{draft.purpose}\n{blocks.head(draft.source)}")


def change_head(
    *,
    actor: Member,
    draft: SetDraft,
    purpose: str,
    title: str,
    version: str,
    effective: date,
    seen: str,
) -> None:
    """Change what a draft is called, when it shall come into force, and what it is for.

    Args:
        actor: who writes.
        draft: where.
        purpose: what is to change, and why.
        title: what it is called.
        version: the set's own, such as 2027-01.
        effective: the day from which it holds.
        seen: the mark of the head that the actor had before them.

    Raises:
        Forbidden: the actor does not write rules, or the draft is closed.
        Conflict: somebody has changed it meanwhile.
        Invalid: a name is missing, or the file can't be read.
    """
    purpose = _purpose(purpose)
    for field, text in (("title", title), ("set_version", version)):
        if not text.strip():
            raise Invalid(N_("This can't be empty."), field=field)
    values: dict[str, blocks.Value] = {
        "version": version.strip(),
        "title": title.strip(),
        "effective": effective,
    }

    def change(source: str) -> str:
        if head_mark_of(draft) != seen:
            raise _quicker()
        return blocks.set_head(source, values)

    def settle() -> None:
        draft.purpose = purpose

    new = {"version": values["version"], "title": values["title"],
           "effective": effective.isoformat(), "purpose": purpose}  # fmt: skip
    _change(actor, draft, change, "renamed", new=new, settle=settle)


def change_rule(*, actor: Member, draft: SetDraft, rule_id: str, text: str, seen: str) -> str:
    """Write one rule anew, and leave every other line of the file as it is.

    Args:
        actor: who writes.
        draft: where.
        rule_id: which rule, by its id as it was.
        text: the whole rule, beginning with `[[rule]]`.
        seen: the mark of the wording that the actor had before them.

    Returns:
        The id that the rule has now.

    Raises:
        Forbidden: the actor does not write rules, or the draft is closed.
        Conflict: somebody has changed this rule meanwhile.
        Invalid: the text is not one rule.
        NotFound: the rule is gone.
    """
    new_id = _id_of(text)

    def change(source: str) -> str:
        _require_seen(source, rule_id, seen)
        if new_id != rule_id and blocks.find_block(source, new_id) is not None:
            raise _taken(new_id)
        return blocks.replace_block(source, rule_id, text)

    _change(actor, draft, change, "rule_changed", new={"rule": new_id, "was": rule_id})
    return new_id


def add_rule(*, actor: Member, draft: SetDraft, text: str, after: str = "") -> str:
    """Put another rule into the file, after the one named or at the end; return its id.

    Raises:
        Forbidden: the actor does not write rules, or the draft is closed.
        Invalid: the text is not one rule, or its id is taken.
    """
    new_id = _id_of(text)

    def change(source: str) -> str:
        if blocks.find_block(source, new_id) is not None:
            raise _taken(new_id)
        return blocks.add_block(source, text, after=after)

    _change(actor, draft, change, "rule_added", new={"rule": new_id})
    return new_id


def remove_rule(*, actor: Member, draft: SetDraft, rule_id: str, seen: str) -> None:
    """Take one rule out of the file.

    Raises:
        Forbidden: the actor does not write rules, or the draft is closed.
        Conflict: somebody has changed this rule meanwhile.
        NotFound: the rule is gone.
    """

    def change(source: str) -> str:
        _require_seen(source, rule_id, seen)
        return blocks.remove_block(source, rule_id)

    _change(actor, draft, change, "rule_removed", new={"rule": rule_id})


def change_file(*, actor: Member, draft: SetDraft, source: str, seen: str) -> None:
    """Take a whole file for the draft, with the faults that it may hold.

    Raises:
        Forbidden: the actor does not write rules, or the draft is closed.
        Conflict: somebody has changed the draft meanwhile.
        Invalid: the file is empty or too long.
    """
    if not source.strip():
        raise Invalid(N_("That file is empty. The draft stays as it was."), field="source")
    if len(source) > LONGEST_FILE:
        raise Invalid(N_("That file is longer than a million characters."), field="source")

    def change(before: str) -> str:
        if mark_of(before) != seen:
            raise _quicker()
        return source

    _change(actor, draft, change, "file_changed")


def withdraw_draft(*, actor: Member, draft: SetDraft) -> None:
    """Give a draft up; it stays readable.

    Raises:
        Forbidden: the actor does not write rules, or the draft is closed.
    """
    take_turn(draft)
    require(access.may_edit_draft(actor, draft))
    draft.state = DraftState.WITHDRAWN
    draft.version += 1
    session().flush()
    _record(actor, draft, "withdrawn")


# --- one change -----------------------------------------------------------------------------------


def _change(
    actor: Member,
    draft: SetDraft,
    change: Callable[[str], str],
    what: str,
    *,
    new: Json | None = None,
    settle: Callable[[], None] | None = None,
) -> None:
    take_turn(draft)
    require(access.may_edit_draft(actor, draft))
    before = draft.source
    draft.source = _plain(change(before))
    if settle is not None:
        settle()
    draft.changed_at, draft.changed_by_id = clock.now(), actor.id
    draft.version += 1
    writers = {actor.id} | authors_of_words_added(draft, before)
    for member_id in sorted(writers - draft.author_ids):
        draft.authors.append(DraftAuthor(draft=draft, member_id=member_id, first_at=clock.now()))
    session().flush()
    _record(
        actor,
        draft,
        what,
        old={"sha256": _digest(before)},
        new={**(new or {}), "sha256": _digest(draft.source)},
    )


def _record(
    actor: Member,
    draft: SetDraft,
    what: str,
    *,
    old: Mapping[str, object] | None = None,
    new: Mapping[str, object] | None = None,
) -> None:
    record(
        actor=actor,
        action=f"guardrail_draft.{what}",
        subject_kind="guardrail_draft",
        subject_id=draft.id,
        old=dict(old or {}),
        new=dict(new or {}),
    )


def _digest(source: str) -> str:
    return hashlib.sha256(source.encode()).hexdigest()


def _plain(source: str) -> str:
    """Every line ends alike, whatever the writer's machine does."""
    return "\n".join(source.lstrip("\ufeff").splitlines()).rstrip() + "\n"


def _id_of(text: str) -> str:
    if len(text) > LONGEST_RULE:
        raise Invalid(N_("That is too long for one rule."), field="text")
    try:
        rule = blocks.require_one_rule(text)
    except blocks.NotOneRule as fault:
        raise Invalid(
            N_("This rule can't be read: %(fault)s. It was not saved; your text is kept here."),
            field="text",
            fault=str(fault),
        ) from None
    found = rule.get("id")
    if not isinstance(found, str) or not found:
        raise Invalid(N_("Give the rule an id, such as claims.superlative."), field="text")
    return found


def _require_seen(source: str, rule_id: str, seen: str) -> None:
    block = blocks.find_block(source, rule_id)
    if block is None:
        raise NotFound
    if mark_of(block.text) != seen:
        raise _quicker()


def _quicker() -> Conflict:
    return Conflict(
        N_("Somebody has changed this meanwhile. Your text is kept here: compare it with theirs."),
        code="changed_meanwhile",
    )


def _taken(rule_id: str) -> Invalid:
    return Invalid(N_("There is a rule %(id)s already."), field="text", id=rule_id)
