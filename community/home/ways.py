"""The ways that somebody's duties open: what the menu lists, and the first page explains."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from community.kernel.words import N_
from community.members.models import Duty

if TYPE_CHECKING:
    from community.home.masthead import Masthead


@dataclass(frozen=True)
class Way:
    """A page that is part of somebody's work.

    `href` is its address, `name` and `what` words to be translated, `waiting` how much of it waits
    for them.
    """

    href: str
    name: str
    what: str
    waiting: int = 0


def work_of(masthead: Masthead) -> Iterator[Way]:
    """Yield the pages of somebody's work, the most pressing first."""
    yield from _daily(masthead)
    yield from _guardrails(masthead)
    yield from _looking_back(masthead)
    yield from _running_the_site(masthead)


def _daily(masthead: Masthead) -> Iterator[Way]:
    if masthead.can_review:
        yield Way(
            "/reviews/",
            N_("Desk"),
            N_("Held drafts, reports and cases that are yours to answer, each with its clock."),
            masthead.open_reviews,
        )
    if masthead.may_check_credentials:
        yield Way(
            "/credentials",
            N_("Credentials"),
            N_("Who says that they are a physician or a nurse, to be checked in the register."),
        )
    if Duty.MEDICAL_INFORMATION.value in masthead.duties:
        yield Way("/inquiries/", N_("Inquiries"), N_("Questions that members put in private."))
    if masthead.is_company:
        yield Way(
            "/library/",
            N_("Approved responses"),
            N_("Answers that were agreed beforehand, ready to be put into a post."),
        )


def _guardrails(masthead: Masthead) -> Iterator[Way]:
    if masthead.is_company:
        yield Way(
            "/guardrails/",
            N_("Guardrails"),
            N_("What staff may say at once: the rules in force, and who signed them."),
        )
    elif any(room.is_moderated for room in masthead.rooms):
        yield Way(
            "/guardrails/drafts",
            N_("Drafts of guardrails"),
            N_("Rules before anybody signs them: your remarks are asked for."),
        )
    if masthead.may_pause_posting:
        yield Way(
            "/company-posting",
            N_("Pause company posting"),
            N_("Stops at once what the company's people post, in one space or in all."),
        )


def _looking_back(masthead: Masthead) -> Iterator[Way]:
    if Duty.COMPLIANCE.value in masthead.duties:
        yield Way("/audit", N_("Record"), N_("Who did what, when and why, in one chain."))
    if masthead.may_see_figures:
        yield Way(
            "/insights/",
            N_("Insights"),
            N_("How soon questions are answered, what was held, and how each rule does."),
        )
        yield Way(
            "/insights/readings",
            N_("Second readings"),
            N_("Posts that were drawn to be read once more by somebody else."),
            masthead.waiting_readings,
        )
    if masthead.is_company:
        yield Way(
            "/insights/notes",
            N_("Notes on your posts"),
            N_("What second readers have written to you."),
            masthead.unread_notes,
        )


def _running_the_site(masthead: Masthead) -> Iterator[Way]:
    if Duty.ADMINISTRATOR.value not in masthead.duties:
        return
    yield Way("/members", N_("All members"), N_("Who is here, with which duties and places."))
    yield Way(
        "/spaces/", N_("All spaces"), N_("Open, pause or archive a space, and seat its hosts.")
    )
    if not masthead.may_see_figures:
        yield Way(
            "/insights/rates",
            N_("How many are read a second time"),
            N_("The share of posts that is drawn for it, by space."),
        )
    yield Way("/status", N_("How the site is"), N_("Letters, backups, the disk, late cases."))
