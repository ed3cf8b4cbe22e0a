"""Reads of guardrail sets: which is in force, who has signed, and what old ones said."""

from __future__ import annotations

import enum
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import cast

import sqlalchemy as sa

from community.guardrails import access, comparing, engine, loader
from community.guardrails.models import GuardrailSetVersion, Signature
from community.kernel import clock, paths, rows, settings
from community.kernel.access import require
from community.kernel.db import read, session
from community.kernel.errors import NotFound
from community.members.models import Member

NEEDED = ("medical", "legal", "regulatory", "safety")


class SetState(enum.Enum):
    """Where a version of the rules stands."""

    IN_FORCE = "in_force"
    COMING = "coming"
    WAITING = "waiting"
    REPLACED = "replaced"


@dataclass(frozen=True)
class SetOnShelf:
    """A version of the rules, where it stands, and the duties that have still to sign."""

    version: GuardrailSetVersion
    state: SetState
    missing: tuple[str, ...]


@dataclass(frozen=True)
class SetSheet(SetOnShelf):
    """A version for reading and signing.

    `rules` stand by kind, in the order of the set; None where today's engine can't read them any
    more. `files` are what is signed, by name. `to_sign` are the viewer's duties that may sign.
    """

    title: str
    rules: Mapping[str, Sequence[engine.Rule]] | None
    files: Mapping[str, str]
    to_sign: tuple[str, ...]


_rules: dict[str, engine.GuardrailSet] = {}


def rules_of(version: GuardrailSetVersion) -> engine.GuardrailSet:
    """Return the rules of a kept version, as the engine wants them.

    Read once by their hash: every pause in typing asks, and the files are long.
    """
    if version.sha256 not in _rules:
        products = loader.parse_products(version.products)
        _rules[version.sha256] = loader.parse_set(version.source, products)
    return _rules[version.sha256]


@lru_cache(maxsize=4)
def _member_rules(folder: Path) -> engine.GuardrailSet:
    products = loader.load_products(folder / "products")
    return engine.member_rules(loader.load_set(folder / "guardrails" / "standard.toml", products))


def shipped_member_rules() -> engine.GuardrailSet:
    """Return the rules that judge members' posts where no set is in force."""
    return _member_rules(settings.current().policies_dir or paths.POLICIES)


def products_now() -> tuple[engine.Product, ...]:
    """Return our medicines as the set in force has them; with none, as the files at hand do."""
    version = find_set_in_force()
    return (rules_of(version) if version is not None else shipped_member_rules()).products


def agencies_now() -> dict[str, str]:
    """Return by country where its agency hears of side effects, as our product files name it.

    Where the set in force can't be read, what the files at hand say: the page must be there.
    """
    try:
        products = products_now()
    except loader.GuardrailFileError:
        products = shipped_member_rules().products
    return {country: place for each in products for country, place in each.agencies.items()}


def citations_now() -> dict[str, str]:
    """Return by id what may be cited in a room, word for word, as our product files name it.

    Where the set in force can't be read, nothing: then a post shows the ids that it has.
    """
    return {key: text for each in _readable() for key, text in each.citations.items()}


def citable_among(*, products: Collection[str], countries: Collection[str]) -> dict[str, str]:
    """Return by id what can be cited in a room: papers, and the labels that its readers have.

    Args:
        products: the ids of those that the room is about; none means all of ours.
        countries: of the room's readers.
    """
    return {
        key: text
        for each in _readable()
        if each.id in products or not products
        for key, text in each.citations.items()
        if key not in {label.reference for label in each.labels.values()}
        or key in {each.labels[code].reference for code in countries if code in each.labels}
    }


def _readable() -> tuple[engine.Product, ...]:
    try:
        return products_now()
    except loader.GuardrailFileError:
        return ()


def routed_desks() -> frozenset[str]:
    """Return the desks to which a rule that judges now sends a copy or a case."""
    version = find_set_in_force()
    judging = rules_of(version) if version is not None else shipped_member_rules()
    return frozenset(desk for rule in judging.rules for desk in rule.route)


def shipped_files() -> tuple[str, dict[str, str]]:
    """Return the rule file that comes with the software, and its product files by name."""
    folder = settings.current().policies_dir or paths.POLICIES
    products = sorted((folder / "products").glob("*.toml"))
    return (
        (folder / "guardrails" / "standard.toml").read_text("utf-8"),
        {path.name: path.read_text("utf-8") for path in products},
    )


def missing_signatures(version: GuardrailSetVersion) -> tuple[str, ...]:
    """Return the duties that have still to sign a version."""
    signed = {signature.duty for signature in version.signatures}
    return tuple(duty for duty in version.needs if duty not in signed)


_SIGNED = (
    sa.select(GuardrailSetVersion.id, GuardrailSetVersion.needs, Signature.duty)
    .outerjoin(Signature, Signature.set_version_id == GuardrailSetVersion.id)
    .where(GuardrailSetVersion.effective <= sa.bindparam("today"))
    .order_by(GuardrailSetVersion.effective.desc(), GuardrailSetVersion.id.desc())
)
_BY_ID = sa.select(*rows.columns_of(GuardrailSetVersion)).where(
    GuardrailSetVersion.id == sa.bindparam("id")
)


def find_set_in_force() -> GuardrailSetVersion | None:
    """Return the latest version that is signed by all who must and whose day has come."""
    by_version = groupby(read(_SIGNED, {"today": clock.today()}), key=attrgetter("id", "needs"))
    for (key, needs), lines in by_version:
        if {line.duty for line in lines}.issuperset(needs):
            ((found,),) = rows.objects(_BY_ID, {"id": key}, GuardrailSetVersion)
            return cast(GuardrailSetVersion, found)
    return None


def set_versions() -> Sequence[GuardrailSetVersion]:
    """Return every version there ever was, the newest first."""
    return (
        session()
        .scalars(
            sa.select(GuardrailSetVersion).order_by(
                GuardrailSetVersion.effective.desc(), GuardrailSetVersion.id.desc()
            )
        )
        .all()
    )


def get_set_version(*, version_id: int) -> GuardrailSetVersion:
    """Return one version; old ones stay readable.

    Raises:
        NotFound: there is none.
    """
    version = session().get(GuardrailSetVersion, version_id)
    if version is None:
        raise NotFound
    return version


def waiting_for(*, viewer: Member) -> list[GuardrailSetVersion]:
    """Return the sets that wait for the viewer's signature, the newest first."""
    holds = find_set_in_force()
    return [
        version
        for version in set_versions()
        if _state(version, holds) is SetState.WAITING and access.duties_to_sign(viewer, version)
    ]


def shelf(*, viewer: Member) -> Sequence[SetOnShelf]:
    """Return every version with its state, the newest first.

    Raises:
        NotFound: the viewer is not bound by guardrails.
    """
    require(access.may_see_guardrails(viewer))
    versions, holds = set_versions(), find_set_in_force()
    return [
        SetOnShelf(version, _state(version, holds), missing_signatures(version))
        for version in versions
    ]


def _state(version: GuardrailSetVersion, holds: GuardrailSetVersion | None) -> SetState:
    if holds is not None and version.id == holds.id:
        return SetState.IN_FORCE
    if holds is not None and (version.effective, version.id) < (holds.effective, holds.id):
        return SetState.REPLACED
    return SetState.WAITING if missing_signatures(version) else SetState.COMING


def get_sheet(*, viewer: Member, version_id: int) -> SetSheet:
    """Return one version for reading and signing.

    Raises:
        NotFound: there is none, or the viewer is not bound by guardrails.
    """
    require(access.may_see_guardrails(viewer))
    version = get_set_version(version_id=version_id)
    try:
        rules: engine.GuardrailSet | None = rules_of(version)
    except loader.GuardrailFileError:
        rules = None
    return SetSheet(
        version=version,
        state=_state(version, find_set_in_force()),
        missing=missing_signatures(version),
        title=rules.title if rules else version.name,
        rules=_by_kind(rules.rules) if rules else None,
        files={f"{version.name}.toml": version.source, **version.products},
        to_sign=access.duties_to_sign(viewer, version),
    )


LEFT_OVER = "other"  # stands last: "And the rest" begins no page


def _by_kind(rules: Sequence[engine.Rule]) -> Mapping[str, Sequence[engine.Rule]]:
    found: dict[str, list[engine.Rule]] = {}
    for rule in sorted(rules, key=lambda rule: rule.kind == LEFT_OVER):
        found.setdefault(rule.kind, []).append(rule)
    return found


def find_by_id_or_hash(name: str) -> GuardrailSetVersion | None:
    """Return the version with that number, or whose hash begins so (eight letters at least)."""
    if name.isdecimal() and len(name) < 8:
        return session().get(GuardrailSetVersion, int(name))
    if len(name) < 8 or not name.isalnum():
        return None
    found = (
        session()
        .scalars(
            sa.select(GuardrailSetVersion).where(
                GuardrailSetVersion.sha256.startswith(name.lower())
            )
        )
        .all()
    )
    return found[0] if len(found) == 1 else None


def find_by_hash(sha256: str) -> GuardrailSetVersion | None:
    """Return the version with that content."""
    return session().scalar(
        sa.select(GuardrailSetVersion).where(GuardrailSetVersion.sha256 == sha256)
    )


def find_by_label(label: str) -> GuardrailSetVersion | None:
    """Return the version that a Verdict names by its label, the latest of those called so."""
    name, _, version = label.rpartition(" ")
    return session().scalar(
        sa.select(GuardrailSetVersion)
        .where(GuardrailSetVersion.name == name, GuardrailSetVersion.version == version)
        .order_by(GuardrailSetVersion.id.desc())
        .limit(1)
    )


def find_set_before(version: GuardrailSetVersion) -> GuardrailSetVersion | None:
    """Return the signed version that holds, or held, until this one comes into force."""
    key = (version.effective, version.id)
    return next(
        (
            other
            for other in set_versions()
            if (other.effective, other.id) < key and not missing_signatures(other)
        ),
        None,
    )


def what_changed(
    before: GuardrailSetVersion | None, after: GuardrailSetVersion
) -> comparing.Comparison | None:
    """Compare two kept versions; None where there is nothing before, or one can't be read now."""
    if before is None:
        return None
    try:
        return comparing.compare(rules_of(before), rules_of(after))
    except loader.GuardrailFileError:
        return None
