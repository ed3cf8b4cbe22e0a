"""Inviting several people at once: each line of a list says what becomes of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from community.invitations.services.issuing import USUAL_DAYS, issue, require_issuable
from community.kernel.errors import Forbidden, Invalid, Refusal, TooMany
from community.kernel.words import N_
from community.members.models import Affiliation, Member
from community.spaces.models import Role

MOST_AT_ONCE = 200
# Of a line as a spreadsheet or a mail program gives it: `Dr A. Okafor <amara@example.org>; GB`.
_ADDRESS = re.compile(r"[^\s<>()\[\];,:\"']+@[^\s<>()\[\];,:\"']+")


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What all of a list are invited to, as `issue` takes it."""

    places: Sequence[tuple[str, Role]]
    note: str = ""
    expires_days: int = USUAL_DAYS
    affiliation: Affiliation = Affiliation.HCP


@dataclass(frozen=True)
class Line:
    """One person of a list: what was typed, the address in it, and what stands in the way."""

    typed: str
    address: str
    refusal: Refusal | None = None


def look_over(*, actor: Member, people: str, terms: Terms) -> list[Line]:
    """Return what would become of each line of a list; nobody is invited by it.

    Args:
        actor: a moderator of all these spaces, or an administrator.
        people: one person a line, or several addresses between commas.
        terms: what they would be invited to.

    Raises:
        NotFound: a space is not there for the actor.
        Invalid: the list is empty or too long.
    """

    def look(address: str) -> None:
        require_issuable(
            actor=actor, email=address, places=terms.places, affiliation=terms.affiliation
        )

    return list(_each(people, look))


def issue_several(*, actor: Member, people: str, terms: Terms) -> list[Line]:
    """Invite everybody of a list who can be; return what became of each line.

    Args:
        actor: a moderator of all these spaces, or an administrator.
        people: one person a line, or several addresses between commas.
        terms: what they are invited to.

    Raises:
        NotFound: a space is not there for the actor.
        Invalid: the list is empty or too long.
    """

    def invite(address: str) -> None:
        issue(
            actor=actor,
            email=address,
            places=terms.places,
            note=terms.note,
            expires_days=terms.expires_days,
            affiliation=terms.affiliation,
        )

    return list(_each(people, invite))


def _each(people: str, do: Callable[[str], None]) -> Iterator[Line]:
    """Do something for each person of a list; whoever is refused stops nobody else."""
    for typed, address in _read(people):
        refusal: Refusal | None = None
        if not address:
            refusal = Invalid(N_("There is no e-mail address in this line."))
        else:
            try:
                do(address)
            except (Invalid, Forbidden, TooMany) as found:
                refusal = found
        yield Line(typed, address, refusal)


def _read(people: str) -> list[tuple[str, str]]:
    """Return what was typed for each person with the address in it; nobody stands there twice."""
    found: dict[str, tuple[str, str]] = {}
    for line in filter(None, map(str.strip, people.splitlines())):
        addresses = _ADDRESS.findall(line)
        for one in addresses or [""]:
            typed = one if len(addresses) > 1 else line
            found.setdefault(one.casefold() or line, (typed, one))
    if not found:
        raise Invalid(N_("Write one address a line."), field="people")
    if len(found) > MOST_AT_ONCE:
        sentence = N_("These are %(num)d people. Invite %(most)d at once at most.")
        raise Invalid(sentence, field="people", num=len(found), most=MOST_AT_ONCE)
    return list(found.values())
