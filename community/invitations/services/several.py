"""Inviting several people at once: each line of a list says what becomes of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from community.invitations.services.issuing import Terms, issue_on, require_issuable
from community.kernel.errors import Forbidden, Invalid, Refusal, TooMany
from community.kernel.words import N_
from community.members.models import Member

MOST_AT_ONCE = 200
# Of a line as a spreadsheet or a mail program gives it: `Dr A. Okafor <amara@example.org>; GB`.
_IN_ADDRESS = r"[^\s<>()\[\];,:\"'@]"
_ADDRESS = re.compile(rf"(?<!{_IN_ADDRESS})({_IN_ADDRESS}{{1,64}}+@(?:{_IN_ADDRESS}|@){{1,255}}+)")


@dataclass(frozen=True)
class Line:
    """One person of a list: what was typed, the address in it, and what stands in the way."""

    typed: str
    address: str
    refusal: Refusal | None = None


def look_over(*, actor: Member, people: str, terms: Terms) -> list[Line]:
    """Return what would become of each line of a list; nobody is invited by it.

    Args:
        actor: who would invite.
        people: one person a line, or several addresses between commas.
        terms: what they would be invited to.

    Raises:
        Invalid: the list is empty or too long.
    """
    return _each(people, lambda address: require_issuable(actor, address, terms))


def issue_several(*, actor: Member, people: str, terms: Terms) -> list[Line]:
    """Invite everybody of a list who can be; arguments and refusals as `look_over`."""
    return _each(people, lambda address: issue_on(actor, address, terms))


def _each(people: str, do: Callable[[str], object]) -> list[Line]:
    """Do something for each person of a list; whoever is refused stops nobody else."""
    return [Line(typed, address, _refused(address, do)) for typed, address in _read(people)]


def _refused(address: str, do: Callable[[str], object]) -> Refusal | None:
    if not address:
        return Invalid(N_("There is no e-mail address in this line."))
    try:
        do(address)
    except (Invalid, Forbidden, TooMany) as refusal:
        return refusal
    return None


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
