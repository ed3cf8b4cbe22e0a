"""Who reads a second time, who sees figures, and who reads what a second reader wrote."""

from __future__ import annotations

import sqlalchemy as sa

from community.insights.models import SecondReading
from community.kernel import clock
from community.kernel.access import UNSEEN, YES, Decision, no
from community.kernel.words import N_
from community.members.models import Duty, Member

READERS = (Duty.COMPLIANCE, Duty.MEDICAL)
RATES = (Duty.COMPLIANCE, Duty.ADMINISTRATOR)


def may_see_readings(viewer: Member) -> Decision:
    """Compliance and Medical read a second time; for others that page is not there."""
    return _holds(viewer, *READERS)


def _holds(viewer: Member, *duties: Duty) -> Decision:
    return YES if viewer.holds(*duties) and not viewer.is_closed else UNSEEN


def may_see_reading(viewer: Member, reading: SecondReading) -> Decision:
    """Every second reader but the author, who reads the note on a page of their own."""
    if reading.author_id == viewer.id:
        return UNSEEN
    return may_see_readings(viewer)


def readings_visible_to(viewer: Member) -> sa.ColumnElement[bool]:
    """The list twin of `may_see_reading`."""
    if not may_see_readings(viewer):
        return sa.false()
    return SecondReading.author_id != viewer.id


def may_take_reading(viewer: Member, reading: SecondReading) -> Decision:
    """Whoever comes first has it; once it is late, any other reader may take it over."""
    seen = may_see_reading(viewer, reading)
    if not seen:
        return seen
    is_free = reading.is_read or reading.reader is None or reading.reader_id == viewer.id
    if not is_free and reading.due_at > clock.now():
        name = reading.reader.name if reading.reader is not None else ""
        return no("taken", N_("%(name)s is reading this one."), name=name)
    return YES


def may_judge_reading(viewer: Member, reading: SecondReading) -> Decision:
    """The one who has taken it, once."""
    seen = may_see_reading(viewer, reading)
    if not seen:
        return seen
    if reading.is_read:
        return no("decided", N_("Somebody has read this one already."))
    if reading.reader_id != viewer.id:
        return no("not_taken", N_("Take it first: then nobody else reads it meanwhile."))
    return YES


def may_see_own_notes(viewer: Member) -> Decision:
    """The company's people: their posts are the ones that are read again."""
    return YES if viewer.is_company and not viewer.is_closed else UNSEEN


def may_notice(viewer: Member, reading: SecondReading) -> Decision:
    """The author, of what has been read."""
    return YES if reading.author_id == viewer.id and reading.is_read else UNSEEN


def may_see_figures(viewer: Member) -> Decision:
    """The head of Medical Affairs, who holds the duty medical, and compliance."""
    return _holds(viewer, Duty.MEDICAL, Duty.COMPLIANCE)


def may_set_rates(viewer: Member) -> Decision:
    """Compliance and administrators say how much is read a second time."""
    return _holds(viewer, *RATES)
