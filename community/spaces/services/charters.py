"""Spaces themselves: made, changed, archived and opened again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from zoneinfo import available_timezones

import sqlalchemy as sa

from community.audit.services import record
from community.kernel import clock
from community.kernel.access import require
from community.kernel.db import Json, session
from community.kernel.errors import Invalid
from community.kernel.reasons import whole_reason
from community.kernel.turns import claim
from community.kernel.words import N_
from community.members.models import Member
from community.spaces import access
from community.spaces.models import Membership, Space
from community.stream.services import append, open_stream

LANGUAGE_CODES = ("en", "de", "fr", "es")
MOST_EDIT_MINUTES = 7 * 24 * 60
CHANGED = N_("Somebody else has changed this space meanwhile. Load the page again.")

_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])")
_TAKEN_BY_PAGES = frozenset({"new"})
_COUNTRY = re.compile(r"[A-Z]{2}")
_MOST_LINES, _LONGEST_TEXT = 20, 5000


@dataclass(frozen=True)
class Charter:
    """What members read about a space. Texts are Markdown; `goals` and `topics` are lines."""

    name: str
    purpose: str
    value: str
    offline: str = ""
    goals: Sequence[str] = ()
    company_use: str = ""
    not_for: str = ""
    topics: Sequence[str] = ()


@dataclass(frozen=True)
class Frame:
    """What an administrator settles about a space.

    `countries` are ISO 3166 codes and `products` names of product files: rules depend on both.
    `edit_minutes` is how long members may edit a post of theirs.
    """

    countries: Sequence[str] = ()
    products: Sequence[str] = ()
    languages: Sequence[str] = ("en",)
    time_zone: str = "UTC"
    edit_minutes: int = 30


def create_space(*, actor: Member | None, slug: str, charter: Charter, frame: Frame) -> Space:
    """Make a space with its stream. Nobody is in it yet.

    Args:
        actor: an administrator; None at the console of the machine.
        slug: its name in addresses: small letters, digits and hyphens.
        charter: what members will read.
        frame: what rules need to know.

    Raises:
        Invalid: something is missing, or the slug is none or taken.
    """
    if actor is not None:
        require(access.may_look_after_spaces(actor))
    slug = slug.strip().lower()
    _require_free_slug(slug)
    space = Space(
        slug=slug,
        created_at=clock.now(),
        **_charter_values(charter),
        **_frame_values(frame),
    )
    session().add(space)
    session().flush()
    open_stream(session(), space_id=space.id)
    _record(actor, "space.created", space, new={"slug": slug, "name": space.name, **asdict(frame)})
    return space


def _require_free_slug(slug: str) -> None:
    if not _SLUG.fullmatch(slug) or slug in _TAKEN_BY_PAGES:
        sentence = N_("Take small letters, digits and hyphens, such as heart-failure.")
        raise Invalid(sentence, field="slug")
    if session().scalar(sa.select(Space.id).where(Space.slug == slug)) is not None:
        raise Invalid(N_("Another space has this address."), field="slug")


def edit_charter(
    *, actor: Member, own: Membership | None, space: Space, charter: Charter, version: int
) -> None:
    """Change what members read about a space.

    Args:
        actor: a moderator of it, or an administrator.
        own: the actor's place there, if there is one.
        space: which.
        charter: the new texts.
        version: of the space, as the page showed it.

    Raises:
        Invalid: something is missing.
        Conflict: somebody has changed it meanwhile.
    """
    require(access.may_edit_charter(actor, own, space))
    _change(actor, space, _charter_values(charter), version)


def edit_space(
    *, actor: Member, space: Space, charter: Charter, frame: Frame, version: int
) -> None:
    """Change a space's charter and what rules know about it, as an administrator.

    Raises:
        Invalid: something is missing.
        Conflict: somebody has changed it meanwhile.
    """
    require(access.may_look_after_spaces(actor))
    require(access.may_edit_charter(actor, None, space))
    _change(actor, space, {**_charter_values(charter), **_frame_values(frame)}, version)


def _change(actor: Member, space: Space, values: Json, version: int) -> None:
    old = {name: getattr(space, name) for name in values}
    changed = {name: value for name, value in values.items() if value != old[name]}
    claim(space, version, CHANGED)
    if not changed:
        return
    for name, value in changed.items():
        setattr(space, name, value)
    session().flush()
    _tell(space)
    _record(actor, "space.changed", space, old={name: old[name] for name in changed}, new=changed)


def archive_space(*, actor: Member, space: Space, reason: str, version: int) -> None:
    """Make a space read-only; its members read why.

    Raises:
        Invalid: no reason is given.
        Conflict: somebody has changed it meanwhile.
    """
    require(access.may_look_after_spaces(actor))
    reason = whole_reason(reason, missing=N_("Write why. The members read it."))
    claim(space, version, CHANGED, Space.archived_at.is_(None))
    space.archived_at, space.archived_reason = clock.now(), reason
    session().flush()
    _tell(space)
    _record(actor, "space.archived", space, reason=reason)


def reopen_space(*, actor: Member, space: Space, version: int) -> None:
    """Let members write in an archived space again.

    Raises:
        Conflict: somebody has changed it meanwhile.
    """
    require(access.may_look_after_spaces(actor))
    claim(space, version, CHANGED, Space.archived_at.is_not(None))
    old = {"archived_reason": space.archived_reason}
    space.archived_at, space.archived_reason = None, ""
    session().flush()
    _tell(space)
    _record(actor, "space.reopened", space, old=old)


def _charter_values(charter: Charter) -> Json:
    texts = {
        "name": " ".join(charter.name.split()),
        "purpose": charter.purpose.strip(),
        "value": charter.value.strip(),
        "offline": charter.offline.strip(),
        "company_use": charter.company_use.strip(),
        "not_for": charter.not_for.strip(),
    }
    for name in ("name", "purpose", "value"):
        if not texts[name]:
            raise Invalid(N_("This can't be empty."), field=name)
    if len(texts["name"]) > 120:
        raise Invalid(N_("A name has 120 characters at most."), field="name")
    for name, text in texts.items():
        if len(text) > _LONGEST_TEXT:
            raise Invalid(N_("That is too long. A page is enough."), field=name)
    lines = {"goals": _lines(charter.goals, "goals"), "topics": _lines(charter.topics, "topics")}
    return {**texts, **lines}


def _lines(lines: Sequence[str], field: str) -> list[str]:
    kept = list(dict.fromkeys(" ".join(line.split()) for line in lines if line.strip()))
    if len(kept) > _MOST_LINES or any(len(line) > 300 for line in kept):
        sentence = N_("Twenty lines at most, each with 300 characters at most.")
        raise Invalid(sentence, field=field)
    return kept


def _frame_values(frame: Frame) -> Json:
    countries = sorted({code.strip().upper() for code in frame.countries if code.strip()})
    if not all(_COUNTRY.fullmatch(code) for code in countries):
        raise Invalid(N_("Name countries by their two letters, such as GB."), field="countries")
    languages = [code for code in LANGUAGE_CODES if code in frame.languages]
    if not languages:
        raise Invalid(N_("Choose a language at least."), field="languages")
    if frame.time_zone not in available_timezones():
        raise Invalid(N_("Choose a time zone from the list."), field="time_zone")
    if not 0 <= frame.edit_minutes <= MOST_EDIT_MINUTES:
        raise Invalid(N_("Between nothing and a week."), field="edit_minutes")
    return {
        "countries": countries,
        "products": sorted({name.strip().lower() for name in frame.products if name.strip()}),
        "languages": languages,
        "time_zone": frame.time_zone,
        "edit_minutes": frame.edit_minutes,
    }


def _tell(space: Space) -> None:
    append(space_id=space.id, kind="space", subject_id=space.id, version=space.version)


def _record(
    actor: Member | None,
    action: str,
    space: Space,
    *,
    reason: str = "",
    old: Json | None = None,
    new: Json | None = None,
) -> None:
    record(
        actor=actor,
        action=action,
        subject_kind="space",
        subject_id=space.id,
        space_id=space.id,
        reason=reason,
        old=old,
        new=new,
    )
