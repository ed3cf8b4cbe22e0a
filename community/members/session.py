"""Who is asking: the only place that knows Flask-Login.

The cookie holds a random key; the row found by its hash says whose session it is and whether it
still runs. Ending the row ends the session everywhere, at once.
"""

from __future__ import annotations

import functools
import logging
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import cast

import sqlalchemy as sa
from flask import Flask, current_app, g, request, session, url_for
from flask_login import LoginManager, login_user, logout_user
from flask_login import current_user as flask_login_user

from community.config import Settings, SettingsError
from community.kernel import clock, kept_pages, locale, logs, rows, tokens
from community.kernel.db import db
from community.kernel.errors import NotFound
from community.kernel.realtime import after_commit_disconnect_session
from community.members.cookies import Cookies
from community.members.models import LONGEST, Credential, Duty, Member, MemberSession
from community.members.services.seen import note_seen

FRESH = timedelta(minutes=10)

log = logging.getLogger(__name__)

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
    """Keep sessions in a cookie that scripts can't read.

    Raises:
        SettingsError: a group of the company's sign-in is to bring a duty that there is not.
    """
    settings = app.config["SETTINGS"]
    app.session_interface = Cookies()
    app.config.update(
        # Browsers take the prefix as a promise: from this host alone, by TLS, for all of it.
        SESSION_COOKIE_NAME="__Host-roundtable" if settings.is_https else "roundtable",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.is_https,
        PERMANENT_SESSION_LIFETIME=LONGEST,
        SESSION_REFRESH_EACH_REQUEST=False,
    )
    unknown = {duty for _, duty in _mapped(settings)} - {duty.value for duty in Duty}
    if unknown:
        raise SettingsError(f"COMMUNITY_OIDC_DUTIES names no duty: {', '.join(sorted(unknown))}.")
    login_manager.session_protection = None  # type: ignore[assignment]  # the row in the database is the protection
    login_manager.init_app(app)
    locale.ask(_language_and_zone)


def _mapped(settings: Settings) -> tuple[tuple[str, str], ...]:
    return settings.company_sign_in.duties if settings.company_sign_in else ()


@login_manager.user_loader  # type: ignore[untyped-decorator]
def _load(key: str) -> SignedIn | None:
    row = _find_awake(tokens.digest(key))
    if row is None:
        return None
    logs.note_session(row.id)
    return SignedIn(row, key)


def _find_awake(key_hash: str) -> MemberSession | None:
    row = _find_by_hash(key_hash)
    if row is not None:
        kept_pages.each_time(functools.partial(note_seen, row.id))
    return row


def come_back(key_hash: str) -> MemberSession | None:
    """Take up the session by whose key a socket was opened, for what its browser says now."""
    g.came_back = _find_awake(key_hash)
    return find_current_session()


def _language_and_zone() -> tuple[str, str] | None:
    member = find_member()
    return (member.language, member.time_zone) if member else None


_WHO = (MemberSession, Member, Credential)
_BY_KEY = (
    sa.select(*rows.columns_of(*_WHO))
    .select_from(MemberSession)
    .join(Member, Member.id == MemberSession.member_id)
    .outerjoin(Credential, Credential.member_id == Member.id)
    .where(MemberSession.key_hash == sa.bindparam("key_hash"))
)


def find_session(key: str) -> MemberSession | None:
    """Return the running session of a key, with its member."""
    return _find_by_hash(tokens.digest(key))


def _find_by_hash(key_hash: str) -> MemberSession | None:
    for row, member, credential in rows.objects(_BY_KEY, {"key_hash": key_hash}, *_WHO):
        rows.link(row, "member", member)
        rows.link(member, "credential", credential)
        return row if row.runs else None
    return None


def find_member() -> Member | None:
    """Return who is signed in, if anybody is."""
    found = find_current_session()
    return found.member if found else None


def find_current_session() -> MemberSession | None:
    """Return the session of this request or socket, if anybody is signed in."""
    row = _find_row()
    return row if row is not None and row.is_whole else None


def find_half_session() -> MemberSession | None:
    """Return the session of one who still has to show the second factor. It opens nothing."""
    row = _find_row()
    return row if row is not None and not row.is_whole else None


def _find_row() -> MemberSession | None:
    if "came_back" in g:
        return cast("MemberSession | None", g.came_back)
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


def start(member: Member, *, how: str, is_strong: bool = False) -> MemberSession:
    """Sign a member in, in this browser: a new key and nothing kept from before.

    Args:
        member: who.
        how: `password`, `link`, `invitation`, `passkey` or `company`.
        is_strong: whether that was two factors in one.
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
        strong_at=now if is_strong else None,
    )
    db.session.add(row)
    db.session.flush()
    _take_key(row, key)
    log.info(
        "member %s signed in by %s, session %s",
        *(member.id, how, row.id),
        extra={"facts": logs.whence()},
    )
    return row


def after_sign_in(place: str) -> str:
    """Return where to go after a password or a link: by way of the second factor, if there is one.

    Args:
        place: where the member wants to go.
    """
    if find_half_session() is None:
        return place
    return url_for("members.second_step", next=place if place != "/" else None)


def prove(row: MemberSession) -> None:
    """Note that the second factor was shown, and give the browser a new key from here on."""
    row.strong_at = row.confirmed_at = clock.now()
    _take_key(row, _new_key(row))
    log.info("member %s showed the second factor, session %s", row.member_id, row.id)


def confirm(row: MemberSession) -> None:
    """Note that it is still the member who sits there, and give the browser a new key."""
    row.confirmed_at = clock.now()
    # What else the browser keeps stays, so that forms that are open in other tabs can be sent.
    login_user(SignedIn(row, _new_key(row)))
    log.info("member %s confirmed who they are, session %s", row.member_id, row.id)


def _new_key(row: MemberSession) -> str:
    key = secrets.token_urlsafe(32)
    row.key_hash = tokens.digest(key)
    db.session.flush()
    return key


def _take_key(row: MemberSession, key: str) -> None:
    session.clear()
    g.pop("csrf_token", None)
    session.permanent = True
    login_user(SignedIn(row, key))


def end() -> None:
    """Sign out in this browser."""
    row = _find_row()
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
    return asked if isinstance(asked, str) and is_local(asked) else default


def is_local(place: str) -> bool:
    """Whether a link to a place stays on this site, whatever a browser makes of it."""
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
