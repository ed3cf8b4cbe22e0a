"""What every page's layout needs to know about who looks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, g, has_request_context, request

from community.guardrails import queries as guardrails
from community.home.masthead import Masthead, masthead_before_the_gate, masthead_of
from community.insights import queries as insights
from community.kernel import locale, settings, web
from community.kernel.seating import seat_ring
from community.members import session as members_session
from community.members.models import Duty, Member
from community.spaces import access as spaces_access
from community.spaces import queries as spaces
from community.spaces.models import PostingPause
from community.spaces.queries import Seat

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
    inside = viewer if viewer is not None and getattr(g, "door_is_open", False) else None
    theme = request.cookies.get(_theme_cookie(), "") if has_request_context() else ""
    here = settings.current()
    return {
        "viewer": viewer,
        "masthead": _masthead(viewer, inside),
        "has_duty": lambda *names: (
            inside is not None and inside.holds(*(Duty(name) for name in names))
        ),
        "set_to_acknowledge": guardrails.find_due(inside) if inside is not None else None,
        "posting_pauses": lambda space: (
            _posting_pauses(inside, space.id) if space else _paused_everywhere(inside)
        ),
        "host_name": here.host_name,
        "is_development": here.is_development,
        "csp_nonce": web.csp_nonce,
        "asset": web.asset,
        "locale": locale.current() if has_request_context() else locale.LANGUAGES[0],
        "theme": theme if theme in THEMES else "",
        "way_back": _way_back() if has_request_context() else "/",
    }


def _masthead(viewer: Member | None, inside: Member | None) -> Masthead | None:
    if inside is not None:
        return masthead_of(inside, _seats(inside))
    return masthead_before_the_gate(viewer) if viewer is not None else None


def _way_back() -> str:
    """Return where somebody is, to come back to: this page, or the one whose form was sent."""
    if request.method == "GET":
        return request.full_path if request.query_string else request.path
    return came_from()


def came_from() -> str:
    """Return the page of this site that led here; the first page where none did."""
    page = urlsplit(request.referrer or "")
    if page.netloc != request.host:
        return "/"
    place = page._replace(scheme="", netloc="", fragment="").geturl()
    return place if members_session.is_local(place) else "/"


def _seats(viewer: Member) -> Sequence[Seat]:
    if "seats" not in g:
        g.seats = spaces.seats_of(viewer=viewer)
    found: Sequence[Seat] = g.seats
    return found


def _posting_pauses(viewer: Member | None, space_id: int) -> tuple[Sequence[PostingPause], bool]:
    """Return the pauses that run in a space, and whether the viewer reads why."""
    if viewer is None:
        return spaces.posting_pauses(space_id), False
    seat = next((each for each in _seats(viewer) if each.space_id == space_id), None)
    if seat is not None and not seat.is_posting_paused:
        return (), False
    own = spaces.find_membership(viewer=viewer, space_id=space_id)
    says_why = spaces_access.may_read_posting_reason(viewer, own)
    return spaces.posting_pauses(space_id), bool(says_why)


def _paused_everywhere(viewer: Member | None) -> tuple[Sequence[PostingPause], bool]:
    """Return the pause of the whole house for the company's people, on pages that have no space."""
    if viewer is None or not viewer.is_company:
        return (), False
    seats = _seats(viewer)
    if seats and not all(seat.is_posting_paused for seat in seats):
        return (), False
    pause = spaces.find_posting_pause(None)
    return ((pause,) if pause is not None else ()), True
