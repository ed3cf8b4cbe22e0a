"""Reads of drafts of a set: their rules, their faults, what they change, what was said to them."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from community.guardrails import access, blocks, comparing, engine, loader
from community.guardrails.blocks import Block
from community.guardrails.comparing import Comparison
from community.guardrails.models import (
    DraftComment,
    DraftState,
    GuardrailSetVersion,
    SetDraft,
)
from community.guardrails.queries.sets import (
    LEFT_OVER,
    NEEDED,
    find_by_label,
    find_set_in_force,
    rules_of,
    set_versions,
)
from community.kernel import clock, toml
from community.kernel.access import require
from community.kernel.db import session
from community.kernel.errors import NotFound
from community.members.access import holds_duty
from community.members.models import Duty, Member

FILE = "draft.toml"
TIME_TO_SIGN = timedelta(days=7)
_MONTH = re.compile(r"\d{4}-\d\d(\.\d+)?")


@dataclass(frozen=True)
class Loaded:
    """A draft as far as it can be read.

    `problems` are faults by which it can't be read at all, each naming file, line and rule;
    `broken` are examples that do not do what they should.
    """

    rules: engine.GuardrailSet | None
    problems: Sequence[str] = ()
    broken: Sequence[loader.BrokenExample] = ()

    @property
    def is_sound(self) -> bool:
        """Whether it could be signed as it is."""
        return self.rules is not None and not self.broken


@dataclass(frozen=True)
class RuleInDraft:
    """One rule of a draft: its text, itself where it can be read, and what concerns it.

    `mark` is "new", "changed" or "", against the set in force. `problems` and `broken` are as in
    `Loaded`, those of this rule.
    """

    block: Block
    rule: engine.Rule | None
    mark: str
    open_comments: int
    problems: Sequence[str]
    broken: Sequence[loader.BrokenExample]

    @property
    def id(self) -> str:
        """The rule's id, as far as there is one."""
        return self.block.id


@dataclass(frozen=True)
class DraftSheet:
    """A draft for reading and writing: `sections` are its rules by kind, in the file's order.

    `head` holds name, version and date as far as they can be read. `unsignable` are the duties
    that nobody could sign for, since who holds them has written in it.
    """

    draft: SetDraft
    loaded: Loaded
    head: Mapping[str, object]
    sections: Mapping[str, Sequence[RuleInDraft]]
    in_force: GuardrailSetVersion | None
    comparison: Comparison | None
    open_comments: int
    unsignable: Sequence[str]
    authors: Sequence[Member]
    may_edit: bool
    may_comment: bool


def load(source: str, products: Mapping[str, str]) -> Loaded:
    """Read a draft's text and run its examples; the same text is read once."""
    return _load(source, json.dumps(dict(products), sort_keys=True))


@lru_cache(maxsize=16)
def _load(source: str, products: str) -> Loaded:
    try:
        known = loader.parse_products(json.loads(products))
        rules = loader.parse_set(source, known, name=FILE)
    except loader.GuardrailFileError as error:
        return Loaded(None, problems=error.problems)
    texts = {block.id: block.text for block in _blocks(source)}
    leans_on = _leans_on(rules)
    found = [_broken(rules, rule, leans_on + texts.get(rule.id, rules.sha256))
             for rule in rules.rules]  # fmt: skip
    return Loaded(rules, broken=[example for examples in found for example in examples])


def _leans_on(rules: engine.GuardrailSet) -> str:
    """What every rule of a set may lean on besides its own lines."""
    lists = {name: [phrase.source for phrase in each] for name, each in rules.lists.items()}
    hosts = {name: sorted(each) for name, each in rules.hosts.items()}
    usual = sorted({(rule.with_in, rule.unless_in, rule.quotes) for rule in rules.rules})
    products = [product.sha256 for product in rules.products]
    return json.dumps([lists, hosts, dict(rules.texts), usual, products], sort_keys=True)


@lru_cache(maxsize=16)
def _blocks(source: str) -> Sequence[Block]:
    return blocks.blocks(source)


def _broken(
    rules: engine.GuardrailSet, rule: engine.Rule, wording: str
) -> Sequence[loader.BrokenExample]:
    """Run a rule's examples, once for each wording of the rule and of what it leans on."""
    key = hashlib.sha256(f"{rule.id}:{wording}".encode()).hexdigest()
    if key not in _checked:
        if len(_checked) >= MOST_CHECKED:
            _checked.clear()
        _checked[key] = loader.broken_examples(rules, rule)
    return _checked[key]


MOST_CHECKED = 4000
_checked: dict[str, Sequence[loader.BrokenExample]] = {}


# --- which drafts ---------------------------------------------------------------------------------


def drafts(*, viewer: Member) -> Sequence[SetDraft]:
    """Return the drafts, the last changed first.

    Raises:
        NotFound: the viewer is no co-author.
    """
    require(access.may_see_drafts(viewer))
    return (
        session()
        .scalars(
            sa.select(SetDraft)
            .where(SetDraft.state != DraftState.WITHDRAWN)
            .order_by(SetDraft.changed_at.desc(), SetDraft.id.desc())
        )
        .all()
    )


def get_draft(*, viewer: Member, draft_id: int) -> SetDraft:
    """Return one draft; closed ones stay readable.

    Raises:
        NotFound: there is none, or the viewer is no co-author.
    """
    require(access.may_see_drafts(viewer))
    draft = session().get(SetDraft, draft_id)
    if draft is None:
        raise NotFound
    return draft


def find_draft_of(version: GuardrailSetVersion) -> SetDraft | None:
    """Return the draft that became a set."""
    return session().scalar(sa.select(SetDraft).where(SetDraft.set_version_id == version.id))


def get_sheet_of_draft(*, viewer: Member, draft: SetDraft) -> DraftSheet:
    """Return a draft with its faults, its rules, and what it changes."""
    loaded = load(draft.source, draft.products)
    in_force = find_set_in_force()
    comparison = _against(in_force, loaded)
    said = comments(draft=draft)
    needs = loaded.rules.needs_signature if loaded.rules is not None else ()
    return DraftSheet(
        draft=draft,
        loaded=loaded,
        head=head_of(draft),
        sections=_sections(draft, loaded, comparison, said),
        in_force=in_force,
        comparison=comparison,
        open_comments=sum(1 for comment in said if comment.is_open),
        unsignable=[duty for duty in _all_needs(needs) if not who_could_sign(draft, duty)],
        authors=_members([author.member_id for author in draft.authors]),
        may_edit=bool(access.may_edit_draft(viewer, draft)),
        may_comment=bool(access.may_comment(viewer, draft)),
    )


def _against(in_force: GuardrailSetVersion | None, loaded: Loaded) -> Comparison | None:
    if in_force is None or loaded.rules is None:
        return None
    try:
        return comparing.compare(rules_of(in_force), loaded.rules)
    except loader.GuardrailFileError:
        return None


def head_of(draft: SetDraft) -> Mapping[str, object]:
    """Return name, version and day of a draft, as far as they can be read."""
    try:
        return toml.read(blocks.head(draft.source))
    except toml.UnreadableToml:
        return {}


def head_with_next(draft: SetDraft) -> dict[str, Any]:
    """Return the head of a draft with the next free version and day where its own are taken.

    A draft begins as a copy, whose version and day belong to the set it was copied from.
    """
    head = dict(head_of(draft))
    today = clock.today()
    taken = {version.effective for version in set_versions()}
    day = head.get("effective")
    if type(day) is not date or day < today or day in taken:
        day = today + TIME_TO_SIGN
        while day in taken:
            day += timedelta(days=1)
    version = str(head.get("version", ""))
    return {**head, "effective": day, "version": _next_version(str(head.get("id")), version, day)}


def _next_version(name: str, version: str, day: date) -> str:
    if version and find_by_label(f"{name} {version}") is None:
        return version
    if not version or _MONTH.fullmatch(version):
        version = f"{day:%Y-%m}"
    found, number = version, 2
    while find_by_label(f"{name} {found}") is not None:
        found, number = f"{version}.{number}", number + 1
    return found


def _sections(
    draft: SetDraft,
    loaded: Loaded,
    comparison: Comparison | None,
    said: Sequence[DraftComment],
) -> Mapping[str, Sequence[RuleInDraft]]:
    known = {rule.id: rule for rule in loaded.rules.rules} if loaded.rules is not None else {}
    found: dict[str, list[RuleInDraft]] = {}
    for block in _blocks(draft.source):
        rule = known.get(block.id)
        kind = rule.kind if rule is not None else "unread"
        found.setdefault(kind, []).append(_in_draft(block, rule, loaded, comparison, said))
    return dict(sorted(found.items(), key=lambda kind_and_rules: kind_and_rules[0] == LEFT_OVER))


def _in_draft(
    block: Block,
    rule: engine.Rule | None,
    loaded: Loaded,
    comparison: Comparison | None,
    said: Sequence[DraftComment],
) -> RuleInDraft:
    named = f"rule {block.id}: "
    return RuleInDraft(
        block=block,
        rule=rule,
        mark=_mark(block.id, comparison),
        open_comments=sum(1 for each in said if each.is_open and each.rule_id == block.id),
        problems=[problem for problem in loaded.problems if block.id and named in problem],
        broken=[example for example in loaded.broken if example.rule == block.id],
    )


def _mark(rule_id: str, comparison: Comparison | None) -> str:
    if comparison is None:
        return ""
    if any(rule.id == rule_id for rule in comparison.added):
        return "new"
    return "changed" if rule_id in comparison.touched else ""


def get_rule(*, viewer: Member, draft: SetDraft, rule_id: str) -> RuleInDraft:
    """Return one rule of a draft.

    Raises:
        NotFound: there is none of that id.
    """
    require(access.may_see_drafts(viewer))
    block = next((each for each in _blocks(draft.source) if each.id == rule_id), None)
    if block is None:
        raise NotFound
    loaded = load(draft.source, draft.products)
    rules = loaded.rules.rules if loaded.rules is not None else ()
    rule = next((each for each in rules if each.id == rule_id), None)
    comparison = _against(find_set_in_force(), loaded)
    return _in_draft(block, rule, loaded, comparison, comments(draft=draft))


# --- remarks and signers --------------------------------------------------------------------------


def comments(*, draft: SetDraft, rule_id: str | None = None) -> Sequence[DraftComment]:
    """Return the remarks on a draft, or on one rule of it, the oldest first."""
    query = sa.select(DraftComment).where(DraftComment.draft_id == draft.id)
    if rule_id is not None:
        query = query.where(DraftComment.rule_id == rule_id)
    return session().scalars(query.order_by(DraftComment.id)).all()


def count_open_comments(draft: SetDraft) -> int:
    """Return how many remarks nobody has settled."""
    return sum(1 for comment in comments(draft=draft) if comment.is_open)


def get_comment(*, draft: SetDraft, comment_id: int) -> DraftComment:
    """Return one remark on a draft.

    Raises:
        NotFound: there is none.
    """
    found = session().get(DraftComment, comment_id)
    if found is None or found.draft_id != draft.id:
        raise NotFound
    return found


def _all_needs(named: Sequence[str]) -> list[str]:
    return list(dict.fromkeys([*NEEDED, *named]))


def who_could_sign(draft: SetDraft, duty: str) -> Sequence[Member]:
    """Return who holds a duty and has not written in the draft."""
    return [member for member in _holders(duty) if member.id not in draft.author_ids]


def signers(version: GuardrailSetVersion) -> Sequence[Member]:
    """Return everybody who may sign a set that waits, each once."""
    found = {
        member.id: member
        for duty in version.needs
        for member in _holders(duty)
        if access.may_sign(member, version, duty)
    }
    return list(found.values())


def _holders(duty: str) -> Sequence[Member]:
    return (
        session()
        .scalars(sa.select(Member).where(holds_duty(Duty(duty))).order_by(Member.name, Member.id))
        .all()
    )


def _members(ids: Sequence[int]) -> Sequence[Member]:
    return (
        session().scalars(sa.select(Member).where(Member.id.in_(ids)).order_by(Member.name)).all()
    )
