"""What every page's layout needs to know about who looks."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import Flask, g, has_request_context, request

from community.guardrails import queries as guardrails
from community.insights import access as insights_access
from community.insights import queries as insights
from community.kernel import locale, settings, web
from community.kernel.seating import seat_ring
from community.members import access as members_access
from community.members import session as members_session
from community.members.models import Duty, Member
from community.reviews import queries as reviews
from community.spaces import access as spaces_access
from community.spaces import queries as spaces
from community.spaces.models import Membership

THEMES = ("light", "dark")


def init_app(app: Flask) -> None:
    """Hand the layout its values."""
    app.context_processor(_values)
    app.jinja_env.globals["seat_ring"] = seat_ring
    app.jinja_env.globals["desks_called_in"] = insights.desks_called_in


def _theme_cookie() -> str:
    """Return the cookie that `static/js/app.js` keeps the colours in."""
    return "__Host-theme" if settings.current().is_https else "theme"


def _values() -> dict[str, Any]:
    viewer = members_session.find_member() if has_request_context() else None
    may_enter = viewer is not None and bool(getattr(g, "door_is_open", False))
    theme = request.cookies.get(_theme_cookie(), "") if has_request_context() else ""
    return {
        "viewer": viewer,
        "viewer_spaces": _places(viewer) if viewer is not None and may_enter else [],
        "open_reviews": _count_reviews(viewer) if viewer is not None and may_enter else 0,
        "can_review": viewer is not None and may_enter and _has_desk(viewer),
        "has_duty": lambda *names: (
            viewer is not None and may_enter and viewer.holds(*(Duty(name) for name in names))
        ),
        "may_check_credentials": viewer is not None
        and may_enter
        and bool(members_access.may_check_credentials(viewer)),
        "set_to_acknowledge": guardrails.find_due(viewer)
        if viewer is not None and may_enter
        else None,
        "posting_pauses": lambda space: (
            spaces.posting_pauses(space.id),
            viewer is not None and may_enter and _reads_posting_reason(viewer, space.id),
        ),
        "may_pause_posting": viewer is not None
        and may_enter
        and bool(spaces_access.may_see_posting_switch(viewer)),
        "may_see_figures": viewer is not None
        and may_enter
        and bool(insights_access.may_see_figures(viewer)),
        "waiting_readings": insights.count_waiting(viewer=viewer)
        if viewer is not None and may_enter
        else 0,
        "unread_notes": insights.count_notes(viewer=viewer)
        if viewer is not None and may_enter
        else 0,
        "host_name": settings.current().host_name,
        "is_development": settings.current().is_development,
        "csp_nonce": web.csp_nonce,
        "asset": web.asset,
        "locale": locale.current() if has_request_context() else locale.LANGUAGES[0],
        "theme": theme if theme in THEMES else "",
        "unread_news": False,
        "way_back": _way_back() if has_request_context() else "/",
    }


def _way_back() -> str:
    """Return where somebody is, to come back to: this page, or the one whose form was sent."""
    if request.method == "GET":
        return request.full_path if request.query_string else request.path
    came_from = urlsplit(request.referrer or "")
    if came_from.netloc != request.host:
        return "/"
    return came_from._replace(scheme="", netloc="", fragment="").geturl() or "/"


def _places(viewer: Member) -> list[Membership]:
    if "places" not in g:
        g.places = list(spaces.viewer_memberships(viewer=viewer))
    found: list[Membership] = g.places
    return found


def _reads_posting_reason(viewer: Member, space_id: int) -> bool:
    own = next((place for place in _places(viewer) if place.space_id == space_id), None)
    return bool(spaces_access.may_read_posting_reason(viewer, own))


def _has_desk(viewer: Member) -> bool:
    return reviews.has_desk(viewer=viewer, places=_places(viewer))


def _count_reviews(viewer: Member) -> int:
    return reviews.count_open(viewer=viewer) if _has_desk(viewer) else 0
