"""Which desks may open a post: those the rules in force route to, and the second readers."""

from __future__ import annotations

from community.guardrails import queries as guardrails
from community.guardrails.engine import DESKS
from community.insights import access
from community.reviews.access import MODERATORS


def desks_called_in() -> tuple[str, ...]:
    """Return the duties whose holders open single posts, in the order of the rules' desks.

    The moderators of a space are not among them: they read all of it anyway.
    """
    called = guardrails.routed_desks() | {duty.value for duty in access.READERS}
    return tuple(desk for desk in DESKS if desk in called and desk != MODERATORS)
