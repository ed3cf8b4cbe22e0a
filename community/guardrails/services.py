"""Judges every text by the set in force, and keeps sets and their signatures.

Company staff are never exempt: with no signed set in force their posts are refused. Members'
posts are then judged by the shipped member rules.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy.exc import IntegrityError

from community.audit.services import record
from community.guardrails import access, engine, loader, queries
from community.guardrails.models import GuardrailSetVersion, JudgedText, Signature
from community.kernel import clock
from community.kernel.access import require
from community.kernel.db import Json, session
from community.kernel.errors import Conflict, Forbidden, Invalid
from community.kernel.words import N_
from community.members import services as members
from community.members.models import Member
from community.spaces import queries as spaces
from community.spaces.models import Membership, Role


@dataclass(frozen=True, kw_only=True)
class Writing:
    """A text on its way into a space, with all that the rules may ask about it."""

    author: Member
    membership: Membership
    text: str
    title: str = ""
    kind: str = "post"
    reply_type: str = ""
    client_key: str = ""
    thread_id: int | None = None
    thread_kind: str = ""
    thread_title: str = ""
    thread_tags: tuple[str, ...] = ()
    thread_products: tuple[str, ...] = ()
    thread_texts: tuple[str, ...] = ()
    answered: str = ""


@dataclass
class Judgement:
    """A Verdict over one text, by which set; `row` is kept once the deed is done."""

    verdict: engine.Verdict
    title_verdict: engine.Verdict
    set_label: str
    row: JudgedText | None = None

    @property
    def outcome(self) -> str:
        """The heavier of the outcomes over the title and the text."""
        return max(self.verdict.outcome, self.title_verdict.outcome, key=engine.OUTCOMES.index)

    @property
    def row_id(self) -> int | None:
        """The key of the kept Verdict."""
        return self.row.id if self.row is not None else None

    @property
    def findings(self) -> list[engine.Finding]:
        """What was found in the title and in the text."""
        return [*self.title_verdict.findings, *self.verdict.findings]

    @property
    def rules(self) -> list[str]:
        """The rules that hit, each once."""
        return list(dict.fromkeys(finding.rule for finding in self.findings))

    @property
    def routes(self) -> tuple[str, ...]:
        """The desks that must know: a hold's or block's own, and those of every other finding."""
        return tuple(dict.fromkeys([*self.title_verdict.routes, *self.verdict.routes]))

    @property
    def hold_desk(self) -> str:
        """Who decides on a hold: the first desk of the rule's route, else the moderators."""
        return self.title_verdict.owner or self.verdict.owner or "moderators"

    def findings_of(self, outcome: str) -> list[Json]:
        """Return the findings with an outcome, as JSON."""
        return [f.as_json() for f in self.findings if f.outcome == outcome]

    def findings_for(self, desk: str) -> list[Json]:
        """Return the findings that are routed to a desk, as JSON."""
        return [f.as_json() for f in self.findings if desk in f.routes]

    def as_json(self) -> Json:
        """Return what a browser needs: outcome, findings in text and title, routes, the set."""
        return {
            "outcome": self.outcome,
            "findings": [f.as_json() for f in self.verdict.findings],
            "title_findings": [f.as_json() for f in self.title_verdict.findings],
            "routes": list(self.routes),
            "set": self.set_label,
        }


def judge(writing: Writing) -> Judgement:
    """Judge a text that is about to be sent; `keep` the Judgement with the deed.

    Raises:
        Forbidden: the author works for the company and no signed set is in force.
    """
    version = queries.find_set_in_force()
    judgement = _evaluate(writing, version)
    judgement.row = JudgedText(
        set_version_id=version.id if version is not None else None,
        member_id=writing.author.id,
        space_id=writing.membership.space_id,
        thread_id=writing.thread_id,
        client_key=writing.client_key,
        kind=writing.kind,
        text_sha256=hashlib.sha256(writing.text.encode()).hexdigest(),
        outcome=judgement.outcome,
        findings=[finding.as_json() for finding in judgement.findings],
        routes=list(judgement.routes),
        at=clock.now(),
    )
    return judgement


def preview(writing: Writing) -> Judgement:
    """Judge a draft while it is typed; nothing is kept."""
    return _evaluate(writing, queries.find_set_in_force())


def keep(judgement: Judgement) -> None:
    """Store the Verdict with the deed it was about."""
    if judgement.row is not None:
        session().add(judgement.row)
        session().flush()


def _evaluate(writing: Writing, version: GuardrailSetVersion | None) -> Judgement:
    if version is not None:
        rules = queries.rules_of(version)
        label = f"{version.name} {version.version}"
    elif writing.author.is_company:
        raise Forbidden(
            N_("No guardrail set is signed and in force, so company posts can't go out now."),
            code="no_guardrail_set",
        )
    else:
        rules, label = queries.shipped_member_rules(), ""
    context = _context(writing)
    title = engine.Verdict()
    if writing.title:
        title = engine.evaluate(writing.title, rules, replace(context, kind="title"))
    return Judgement(
        verdict=engine.evaluate(writing.text, rules, context),
        title_verdict=title,
        set_label=label,
    )


def _context(writing: Writing) -> engine.Context:
    space = writing.membership.space
    # A company moderator is judged as company, without the rules for MSLs alone; an author who
    # only helps out as contributor speaks for the company all the same.
    role = writing.membership.role
    if writing.author.is_company and role is not Role.MODERATOR:
        role = Role.MSL
    return engine.Context(
        affiliation=writing.author.affiliation.value,
        role=role.value,
        space=space.slug,
        kind="correction" if writing.reply_type == "correction" else "post",
        countries=spaces.countries_of_readers(space.id),
        products=frozenset(writing.thread_products),
        thread_kind=writing.thread_kind,
        thread_title=writing.thread_title,
        tags=writing.thread_tags,
        answered=writing.answered,
        thread_texts=writing.thread_texts,
        member_names=spaces.member_names(space.id),
        today=clock.now().date(),
    )


# --- sets and signatures -----------------------------------------------------------------------

MEANING = N_("I have read this set and agree that staff may post within it.")


def add_set(
    *, actor: Member | None, source: str, products: Mapping[str, str]
) -> GuardrailSetVersion:
    """Keep a version of all rules, to be signed. The same content is kept once.

    Args:
        actor: who brings it; None for the command line.
        source: the rule file.
        products: the product files by name.

    Raises:
        Invalid: the file can't be read, or one of its examples does not hold.
    """
    try:
        rules = loader.parse_set(source, loader.parse_products(dict(products)))
    except loader.GuardrailFileError as problem:
        raise Invalid(N_("This set can't be read. %(problem)s"), problem=str(problem)) from None
    earlier = queries.find_by_hash(rules.sha256)
    if earlier is not None:
        return earlier
    broken = loader.check_examples(rules)
    if broken:
        raise Invalid(
            N_("Examples in this set do not hold, so it can't be signed: %(which)s"),
            which="; ".join(str(example) for example in broken[:5]),
        )
    version = GuardrailSetVersion(
        name=rules.id,
        version=rules.version,
        sha256=rules.sha256,
        source=source,
        products=dict(products),
        needs=_needs(rules.needs_signature),
        effective=rules.effective or clock.now().date(),
        created_at=clock.now(),
    )
    session().add(version)
    session().flush()
    record(
        actor=actor,
        action="guardrail_set.added",
        subject_kind="guardrail_set_version",
        subject_id=version.id,
        new={"name": version.name, "version": version.version, "sha256": version.sha256},
    )
    return version


def _needs(named: Sequence[str]) -> list[str]:
    return list(dict.fromkeys([*queries.NEEDED, *named]))


def sign_with_password(
    *,
    actor: Member,
    version: GuardrailSetVersion,
    duty: str,
    printed_name: str,
    password: str,
    address: str,
) -> Signature:
    """Sign a version for a duty, once the password has shown that it is the actor.

    Args:
        actor: who signs.
        version: what is signed.
        duty: for which.
        printed_name: as the actor writes it.
        password: the actor's, typed for this signature.
        address: of the client, for the limits.

    Raises:
        Forbidden: the actor does not hold the duty, or it has signed.
        Invalid: the password or the printed name is not the actor's.
        TooMany: too many tries.
    """
    require(access.may_sign(actor, version, duty))
    try:
        members.confirm_password(actor=actor, password=password, address=address)
    except members.NotRecognised:
        raise Invalid(N_("That is not your password."), field="password") from None
    return sign(actor=actor, version=version, duty=duty, printed_name=printed_name)


def sign(*, actor: Member, version: GuardrailSetVersion, duty: str, printed_name: str) -> Signature:
    """Sign a version for a duty. The caller has just made sure that it is the actor.

    Source: 21 CFR 11.50 (printed name, date and time, meaning), 11.200 (signed in again).

    Raises:
        Forbidden: the actor does not hold the duty, or it has signed.
        Invalid: the printed name is not the actor's.
        Conflict: another holder of the duty signs at this moment.
    """
    require(access.may_sign(actor, version, duty))
    if " ".join(printed_name.split()).casefold() != actor.name.casefold():
        raise Invalid(
            N_("Print your name as it stands here: %(name)s."), field="printed_name",
            name=actor.name,
        )  # fmt: skip
    signature = Signature(
        set_version=version,
        duty=duty,
        member_id=actor.id,
        printed_name=actor.name,
        signed_at=clock.now(),
        time_zone=actor.time_zone,
        meaning=MEANING,
    )
    session().add(signature)
    try:
        session().flush()
    except IntegrityError:
        raise Conflict(N_("This duty has already signed."), code="signed") from None
    record(
        actor=actor,
        action="guardrail_set.signed",
        subject_kind="guardrail_set_version",
        subject_id=version.id,
        new={
            "duty": duty,
            "sha256": version.sha256,
            "meaning": MEANING,
            "time_zone": actor.time_zone,
        },
    )
    return signature
