"""Whether a set fits among those that are there: its day and its name are its own at every door."""

from __future__ import annotations

from datetime import date

from community.guardrails import engine, queries
from community.kernel import clock
from community.kernel.errors import Invalid
from community.kernel.turns import take_turn_at
from community.kernel.words import N_


def take_turn_of_days() -> None:
    """Wait for others who bring a set: of two for one day, the second sees the first."""
    take_turn_at("guardrail set days")


def require_own_day(rules: engine.GuardrailSet) -> None:
    """Let pass only a set that holds from a day on which no other begins.

    A day that is past may come by the command line: the file of a release is dated before it is
    brought here. It must lie after that of the set in force, or the new one would never hold.

    Raises:
        Invalid: another begins on that day, or the one in force later.
    """
    effective = day_of(rules)
    taken = next((each for each in queries.set_versions() if each.effective == effective), None)
    if taken is not None:
        raise Invalid(
            N_("%(name)s %(version)s is to hold from %(day)s too, so it would not be clear which"
               " one does. Choose another day."),
            name=taken.name,
            version=taken.version,
            day=said(effective),
        )  # fmt: skip
    in_force = queries.find_set_in_force()
    if in_force is not None and effective < in_force.effective:
        raise Invalid(
            N_("The set would hold from %(day)s, and %(name)s %(version)s in force holds from a"
               " later day, so the new one never would. Choose today or a later day."),
            name=in_force.name,
            version=in_force.version,
            day=said(effective),
        )  # fmt: skip


def require_own_name(rules: engine.GuardrailSet) -> None:
    """Let pass only a set whose name and version no other bears.

    Raises:
        Invalid: one does.
    """
    if queries.find_by_label(f"{rules.id} {rules.version}") is not None:
        raise Invalid(
            N_("There is a set %(name)s %(version)s already. Give this one another version."),
            name=rules.id,
            version=rules.version,
        )


def day_of(rules: engine.GuardrailSet) -> date:
    """The day from which a set holds: today where it names none."""
    return rules.effective or clock.today()


def said(day: date) -> str:
    """A day in words, such as 3 Dec 2026."""
    return f"{day:%d %b %Y}".lstrip("0")
