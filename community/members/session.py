"""Who is asking: the only place that knows Flask-Login.

The cookie holds a random key; the row found by its hash says whose session it is and whether it
still runs. Ending the row ends the session everywhere, at once.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import cast

import sqlalchemy as sa
from flask import Flask, current_app, g, request, session
from flask_login import LoginManager, login_user, logout_user
from flask_login import current_user as flask_login_user

from community.kernel import clock, locale, tokens
from community.kernel.db import db
from community.kernel.errors import NotFound
from community.kernel.realtime import after_commit_disconnect_session
from community.members.models import Member, MemberSession
from community.members.services.seen import note_seen

IDLE = timedelta(days=14)

login_manager = LoginManager()


@dataclass(frozen=True)
class SignedIn:
    """A member in one browser, as Flask-Login wants it."""

    row: MemberSession
    key: str

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def get_id(self) -> str:
        """Return the key that the cookie carries."""
        return self.key


def init_app(app: Flask) -> None:
    """Keep sessions in a cookie that scripts can't read."""
    settings = app.config["SETTINGS"]
    app.config.update(
        SESSION_COOKIE_NAME="roundtable",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.is_https,
        PERMANENT_SESSION_LIFETIME=IDLE,
        SESSION_REFRESH_EACH_REQUEST=False,
    )
    login_manager.session_protection = None  # type: ignore[assignment]  # the row in the database is the protection
    login_manager.init_app(app)
    locale.ask(_language_and_zone)


@login_manager.user_loader  # type: ignore[untyped-decorator]
def _load(key: str) -> SignedIn | None:
    row = find_session(key)
    if row is None:
        return None
    note_seen(row.id)
    return SignedIn(row, key)


def _language_and_zone() -> tuple[str, str] | None:
    member = find_member()
    return (member.language, member.time_zone) if member else None


def find_session(key: str) -> MemberSession | None:
    """Return the running session of a key, with its member."""
    row = db.session.scalar(
        sa.select(MemberSession).where(MemberSession.key_hash == tokens.digest(key))
    )
    if row is None or row.ended_at is not None or row.seen_at < clock.now() - IDLE:
        return None
    return row


def find_member() -> Member | None:
    """Return who is signed in, if anybody is."""
    found = find_current_session()
    return found.member if found else None


def find_current_session() -> MemberSession | None:
    """Return the session of this request or socket, if anybody is signed in."""
    who = flask_login_user._get_current_object()  # noqa: SLF001 - the proxy hides the type
    return who.row if isinstance(who, SignedIn) else None


def current_member() -> Member:
    """Return who is signed in.

    Raises:
        NotFound: nobody is; the gate lets no such request through to a view that asks.
    """
    member = find_member()
    if member is None:
        raise NotFound
    return member


def start(member: Member, *, how: str) -> MemberSession:
    """Sign a member in, in this browser: a new key and nothing kept from before.

    Args:
        member: who.
        how: `password`, `link` or `invitation`.
    """
    key = secrets.token_urlsafe(32)
    now = clock.now()
    row = MemberSession(
        member=member,
        key_hash=tokens.digest(key),
        created_at=now,
        seen_at=now,
        address=remote_address(),
        browser=request.headers.get("User-Agent", "")[:255],
        how=how,
    )
    db.session.add(row)
    db.session.flush()
    session.clear()
    g.pop("csrf_token", None)
    session.permanent = True
    login_user(SignedIn(row, key))
    return row


def end() -> None:
    """Sign out in this browser."""
    row = find_current_session()
    if row is not None and row.ended_at is None:
        row.ended_at = clock.now()
        after_commit_disconnect_session(row.id)
    logout_user()
    session.clear()


def next_place(default: str = "/") -> str:
    """Return where the page or form asks to go on to; only places of this site count.

    Args:
        default: where it asks for none.
    """
    sent = request.get_json(silent=True) if request.is_json else None
    asked = sent.get("next") if isinstance(sent, dict) else request.values.get("next")
    return asked if isinstance(asked, str) and _is_local(asked) else default


def _is_local(place: str) -> bool:
    # Browsers read a backslash as a slash and drop control characters: `/\\host` leaves the site.
    return (
        place.startswith("/")
        and not place.startswith("//")
        and "\\" not in place
        and place.isprintable()
        and len(place) <= 2000
    )


def remote_address() -> str:
    """Return the address of the client, as the trusted proxies tell it."""
    return (request.remote_addr or "")[:64]


def is_development() -> bool:
    """Whether this installation is one for trying out."""
    return cast(bool, current_app.config["SETTINGS"].is_development)
