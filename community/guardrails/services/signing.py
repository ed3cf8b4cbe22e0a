"""Keeps sets of rules and the signatures that bring them into force."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy.exc import IntegrityError

from community.audit.services import record
from community.guardrails import access, loader, queries
from community.guardrails.models import (
    DraftAuthor,
    DraftState,
    GuardrailSetVersion,
    SetDraft,
    Signature,
)
from community.guardrails.services import fitting
from community.guardrails.services.acknowledging import announce_set_in_force
from community.guardrails.services.borrowing import authors_of_words_in
from community.kernel import clock
from community.kernel.access import require
from community.kernel.db import session
from community.kernel.errors import Conflict, Invalid
from community.kernel.turns import take_turn
from community.kernel.words import N_
from community.members import services as members
from community.members.models import Member

MEANING = N_("I have read this set and agree that staff may post within it.")


def add_set(
    *, actor: Member | None, source: str, products: Mapping[str, str]
) -> GuardrailSetVersion:
    """Keep a version of all rules, to be signed. The same content is kept once.

    Who wrote its words in a draft is an author of it by whatever way it comes, and can't sign it.

    Args:
        actor: who brings it; None for the command line.
        source: the rule file.
        products: the product files by name.

    Raises:
        Invalid: the file can't be read, one of its examples does not hold, or its day or its name
            and version are another's.
    """
    try:
        rules = loader.parse_set(source, loader.parse_products(dict(products)))
    except loader.GuardrailFileError as problem:
        raise Invalid(N_("This set can't be read. %(problem)s"), problem=str(problem)) from None
    fitting.take_turn_of_days()
    earlier = queries.find_by_hash(rules.sha256)
    if earlier is not None:
        return earlier
    broken = loader.check_examples(rules)
    if broken:
        raise Invalid(
            N_("Examples in this set do not hold, so it can't be signed: %(which)s"),
            which="; ".join(str(example) for example in broken[:5]),
        )
    fitting.require_own_name(rules)
    fitting.require_own_day(rules)
    version = GuardrailSetVersion(
        name=rules.id,
        version=rules.version,
        sha256=rules.sha256,
        source=source,
        products=dict(products),
        needs=_needs(rules.needs_signature),
        effective=fitting.day_of(rules),
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
    if actor is None:
        _keep_authors(version)
    return version


def _keep_authors(version: GuardrailSetVersion) -> None:
    """Keep who wrote the words of a set that no draft was offered as, in a draft closed at once."""
    writers = sorted(authors_of_words_in(version.source))
    if not writers:
        return
    now = clock.now()
    draft = SetDraft(
        purpose=f"{version.name} {version.version} came by the command line, with words that its "
        "authors had written in other drafts.",
        source=version.source,
        products=version.products,
        created_by_id=writers[0],
        created_at=now,
        changed_by_id=writers[0],
        changed_at=now,
        state=DraftState.OFFERED,
        set_version_id=version.id,
    )
    for member_id in writers:
        draft.authors.append(DraftAuthor(draft=draft, member_id=member_id, first_at=now))
    session().add(draft)
    session().flush()
    record(
        actor=None,
        action="guardrail_draft.offered",
        subject_kind="guardrail_draft",
        subject_id=draft.id,
        new={"set_version": version.id, "sha256": version.sha256, "authors": writers},
    )


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
        Forbidden: the actor does not hold the duty, wrote in the set, or the duty has signed.
        Invalid: the printed name is not the actor's.
        Conflict: another holder of the duty signs at this moment.
    """
    take_turn(actor)  # nobody signs for two duties at once
    session().refresh(version, ["signatures"])
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
    announce_set_in_force()
    return signature
