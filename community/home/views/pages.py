"""The first page, the state of the program for machines, and the mailbox for trying out."""

from __future__ import annotations

import sqlalchemy as sa
from flask import jsonify, render_template, request
from flask.typing import ResponseReturnValue

from community.guardrails import queries as guardrails
from community.home.context import came_from
from community.home.views import blueprint
from community.inquiries import queries as inquiries
from community.invitations import queries as invitations
from community.kernel import clock, kept_pages, mail, realtime, schema, settings
from community.kernel.db import session
from community.kernel.errors import NotFound
from community.kernel.web import before_the_gate, public
from community.members import queries as members
from community.members.forms import country_name
from community.members.models import Duty
from community.members.session import current_member, find_member
from community.responses import queries as responses
from community.reviews import queries as reviews
from community.spaces import queries as spaces
from community.status import queries as status
from community.status.access import may_see_status
from community.threads import queries as threads

AGENCIES = ("DE", "FR", "GB", "US")  # named on the page, whatever our product files say


@blueprint.get("/")
@kept_pages.kept
def home() -> ResponseReturnValue:
    """Show the viewer's spaces with what is new, open invitations, and cases that wait."""
    viewer = current_member()
    places = list(spaces.viewer_memberships(viewer=viewer))
    space_ids = [place.space_id for place in places]
    looks_after_site = bool(may_see_status(viewer))
    return render_template(
        "home/home.html",
        places=places,
        unread=threads.unread_counts(viewer=viewer, space_ids=space_ids),
        latest=threads.latest_threads(viewer=viewer, space_ids=space_ids),
        invitations=invitations.open_for(viewer=viewer),
        paused=[place for place in places if place.is_paused],
        stopped=threads.own_stopped(viewer=viewer),
        ended=spaces.ended_memberships(viewer=viewer),
        waiting_reviews=reviews.count_open(viewer=viewer)
        if reviews.has_desk(viewer=viewer, places=places)
        else 0,
        unconfirmed=responses.unconfirmed(viewer=viewer),
        to_sign=guardrails.waiting_for(viewer=viewer),
        waiting_credentials=members.count_credentials_to_check(viewer=viewer),
        undelivered=status.outbox().given_up if looks_after_site else 0,
        overdue=sum(status.overdue_by_desk().values()) if looks_after_site else 0,
        unheld=members.unheld_duties() if looks_after_site else (),
        waiting_inquiries=inquiries.count_waiting(viewer=viewer),
    )


@blueprint.get("/side-effects")
@public
@before_the_gate
def side_effects() -> ResponseReturnValue:
    """Say how a side effect is reported, here and to the agency of each country.

    Open to everybody, since the law hears whoever tells; strangers read addresses without names.
    """
    back, viewer = came_from(), find_member()
    home = viewer.country if viewer is not None else ""
    agencies = guardrails.agencies_now()
    named = sorted({*agencies, *AGENCIES}, key=lambda code: (code != home, country_name(code)))
    return render_template(
        "home/side_effects.html",
        safety=members.holders(Duty.SAFETY),
        agencies=[(code, agencies.get(code, "")) for code in named],
        back="/" if back.partition("?")[0] == request.path else back,
    )


@blueprint.get("/healthz")
@public
def healthz() -> ResponseReturnValue:
    """Say that the process lives."""
    return jsonify(ok=True)


@blueprint.get("/readyz")
@public
def readyz() -> ResponseReturnValue:
    """Say whether the process can serve: database, its migrations, and the queue."""
    checks = {"database": _database(), "migrations": False, "queue": False}
    if checks["database"]:
        checks["migrations"] = schema.is_ready()
        checks["queue"] = checks["migrations"] and _queue()
    ready = all(checks.values())
    return jsonify(ok=ready, **checks), 200 if ready else 503


def _database() -> bool:
    try:
        session().execute(sa.text("select 1"))
    except sa.exc.SQLAlchemyError:
        return False
    return True


def _queue() -> bool:
    return realtime.is_bus_up()


@blueprint.get("/dev/mail")
@public
def mailbox() -> ResponseReturnValue:
    """Show the letters that were written, in development only."""
    here = settings.current()
    if not here.is_development:
        raise NotFound
    return render_template("home/mailbox.html", letters=list(mail.laid_down(here.mail_url)))


@blueprint.get("/dev/look")
@public
def gallery() -> ResponseReturnValue:
    """Show every component in every state, in development only."""
    if not settings.current().is_development:
        raise NotFound
    return render_template("components/gallery.html", now=clock.now())
