"""The door, for requests and for sockets that connect.

Its order is settled: signed in with every factor there is, not closed, a second factor where one
is required, use policies accepted, credential checked. A view is shut unless it says `@public`; a
few are open to members whose second factor, policy or credential is due. What is both public and
before the gate is open to all and still knows whether who looks is inside.
"""

from __future__ import annotations

import enum
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from flask import Flask, current_app, g, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community.kernel import clock, locale, realtime
from community.kernel.db import db
from community.kernel.sockets import Visitor
from community.kernel.web import wants_json
from community.members import access as members_access
from community.members import session as members_session
from community.members.models import Member, MemberSession
from community.use_policies import queries as use_policies


class Door(enum.Enum):
    """What stands between a person and the rooms, in the order in which it is asked."""

    SIGN_IN = "sign_in"
    SECOND_STEP = "second_step"
    CLOSED = "closed"
    SECOND_FACTOR = "second_factor"
    POLICY = "policy"
    CREDENTIAL = "credential"
    OPEN = "open"


def door_for(member: Member | None, here: MemberSession | None = None) -> Door:
    """Return what this person has to pass next.

    Args:
        member: who is signed in.
        here: in which session; where None, none of the second factor is asked.
    """
    if member is None:
        return Door.SIGN_IN
    if member.is_closed:
        return Door.CLOSED
    if here is not None and here.strong_at is None and members_access.needs_second_factor(member):
        return Door.SECOND_FACTOR
    if use_policies.find_due(viewer=member) is not None:
        return Door.POLICY
    if not member.is_verified:
        return Door.CREDENTIAL
    return Door.OPEN


def init_app(app: Flask) -> None:
    """Stand before every view, and before every socket that connects."""
    app.before_request(_check)
    realtime.guard_with(
        _let_in, again=_let_in_again, day=use_policies.today, still_welcome=_still_welcome
    )


def _let_in() -> Visitor | str:
    """Return who connects a socket, or the name of the door that is shut."""
    return _visitor(members_session.find_current_session(), locale.current)


def _let_in_again(visitor: Visitor) -> Visitor | str:
    """Return who is behind a socket now, or the name of the door that is shut by now."""
    found = members_session.come_back(visitor.key_hash)
    return _visitor(found, lambda: visitor.language)


def _visitor(found: MemberSession | None, language: Callable[[], str]) -> Visitor | str:
    door = door_for(found.member if found else None, found)
    if found is None or door is not Door.OPEN:
        return door.value
    return Visitor(
        member_id=found.member.id,
        session_id=found.id,
        key_hash=found.key_hash,
        name=found.member.name,
        initials=found.member.initials,
        is_company=found.member.is_company,
        language=language(),
    )


def _still_welcome(session_ids: list[int]) -> set[int]:
    """Return the sessions that still run, and find every door open now."""
    rows = db.session.scalars(sa.select(MemberSession).where(MemberSession.id.in_(session_ids)))
    now = clock.now()
    return {row.id for row in rows if row.runs_at(now) and door_for(row.member, row) is Door.OPEN}


def _check() -> ResponseReturnValue | None:
    view: Callable[..., Any] | None = None
    if request.endpoint is not None:
        view = _view_of(request.endpoint)
    is_public = request.endpoint == "static" or getattr(view, "is_public", False)
    if is_public and not getattr(view, "is_before_the_gate", False):
        return None
    door = _door_here()
    g.door_is_open = door is Door.OPEN
    if is_public or door is Door.OPEN:
        return None
    if door in {Door.POLICY, Door.CREDENTIAL} and getattr(view, "is_before_the_gate", False):
        return None
    if door is Door.SECOND_FACTOR and getattr(view, "is_for_second_factor", False):
        return None
    if door in _MAY_LEAVE and request.endpoint == "members.sign_out":
        return None
    return _turn_away(door)


def _door_here() -> Door:
    found = members_session.find_current_session()
    if found is None and members_session.find_half_session() is not None:
        return Door.SECOND_STEP
    return door_for(found.member if found else None, found)


def _view_of(endpoint: str) -> Callable[..., Any] | None:
    return current_app.view_functions.get(endpoint)


_MAY_LEAVE = {Door.CLOSED, Door.SECOND_STEP, Door.SECOND_FACTOR}
_PLACES = {
    Door.SIGN_IN: "members.sign_in",
    Door.SECOND_STEP: "members.second_step",
    Door.CLOSED: "members.closed",
    Door.SECOND_FACTOR: "members.second_factor",
    Door.POLICY: "use_policies.accept",
    Door.CREDENTIAL: "members.waiting",
}
_NOT_SIGNED_IN = {Door.SIGN_IN, Door.SECOND_STEP}


def _turn_away(door: Door) -> ResponseReturnValue:
    if wants_json() or request.headers.get("X-Requested-With") == "fetch":
        body = jsonify(error=door.value, message=_say(door), next=url_for(_PLACES[door]))
        return body, 401 if door in _NOT_SIGNED_IN else 403
    here = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for(_PLACES[door], next=here), 303)


def _say(door: Door) -> str:
    match door:
        case Door.SIGN_IN:
            return gettext("Sign in to go on.")
        case Door.SECOND_STEP:
            return gettext("Show your second factor to go on.")
        case Door.CLOSED:
            return gettext("Your access has been closed.")
        case Door.SECOND_FACTOR:
            return gettext("Your work here needs a second factor. Set one up first.")
        case Door.POLICY:
            return gettext("Read the use policy and say whether you accept it, then go on.")
        case _:
            return gettext("We are still checking your credential.")
