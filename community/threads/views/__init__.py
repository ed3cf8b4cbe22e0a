"""The pages of threads: reading, writing, moderating."""

from __future__ import annotations

from typing import Any

from flask import Blueprint
from flask_babel import gettext

from community.guardrails import queries as guardrails
from community.kernel import markup
from community.members import queries as members
from community.reviews import queries as reviews
from community.reviews.models import DecisionKind
from community.spaces import queries as spaces
from community.spaces.models import Space
from community.threads.models import Post, Revision
from community.threads.queries import ThreadRow

blueprint = Blueprint("threads", __name__)


@blueprint.app_template_filter()
def kind_name(kind: str) -> str:
    """Say what kind of thread it is."""
    match kind:
        case "question":
            return gettext("Question")
        case "case":
            return gettext("Case")
        case "journal_club":
            return gettext("Paper")
        case "announcement":
            return gettext("Announcement")
        case _:
            return gettext("Discussion")


@blueprint.app_template_filter()
def excerpt(text: str, limit: int) -> str:
    """Return the beginning of a Markdown text as plain words."""
    return markup.excerpt(text, limit)


@blueprint.app_template_filter()
def markdown(text: str, key: str = "t") -> str:
    """Render a text that the company wrote, such as a charter, as a post would be."""
    return markup.render(text, key=key)


@blueprint.app_template_filter()
def thread_key(row: ThreadRow) -> str:
    """Write a thread's place in the list: microseconds since 1970 and its id."""
    return f"{int(row.news_at.timestamp() * 1_000_000)}.{row.id}"


@blueprint.app_template_global()
def decision_on(text: Post | Revision) -> dict[str, Any] | None:
    """Return who sent a text of one's own back, why, and the rules by which it was held.

    `withdrawn`: nobody did; its author took it back before.
    """
    kind = "post" if isinstance(text, Post) else "revision"
    decided = reviews.last_decision_for(subject_kind=kind, subject_id=text.id)
    if decided is None:
        return None
    rules = list(dict.fromkeys(finding["says"] for finding in decided.findings))
    name = members.find_name(decided.decided_by_id)
    withdrawn = decided.decision is DecisionKind.WITHDRAW
    return {"withdrawn": withdrawn, "by": name, "why": decided.decision_reason, "rules": rules}


@blueprint.app_template_global()
def citable_in(space: Space) -> dict[str, str]:
    """Return by id what the company's people can cite in a room."""
    countries = spaces.countries_of_readers(space.id)
    return guardrails.citable_among(products=space.products, countries=countries)


@blueprint.app_template_global()
def held_because(text: Post | Revision) -> list[str]:
    """Return what was found in a text of one's own that waits, each rule once in a sentence."""
    kind = "post" if isinstance(text, Post) else "revision"
    case = reviews.find_open_hold(subject_kind=kind, subject_id=text.id)
    found = case.findings if case is not None else []
    return list(dict.fromkeys(f"{finding['says']} {finding['why']}" for finding in found))


from community.threads.views import (  # noqa: E402
    answering,
    drafting,
    moderating,
    reading,
    reporting,
    writing,
)

__all__ = [
    "answering",
    "blueprint",
    "drafting",
    "moderating",
    "reading",
    "reporting",
    "writing",
]
