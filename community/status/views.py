"""The figures for Prometheus, and the page for administrators."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from community.kernel import metrics, settings
from community.kernel.access import require
from community.kernel.web import public
from community.members.session import current_member
from community.status import access, services

blueprint = Blueprint("status", __name__)

PROXIES_SAY = ("Forwarded", "X-Forwarded-For", "X-Real-IP", "Via")


@blueprint.get("/metrics")
@public
def figures() -> ResponseReturnValue:
    """Give the figures to whoever asks on this machine or brings the token."""
    require(
        access.may_read_figures(
            address=request.remote_addr or "",
            forwarded=any(name in request.headers for name in PROXIES_SAY),
            given=request.headers.get("Authorization", ""),
            token=settings.current().metrics_token,
        )
    )
    return Response(services.figures(), content_type=metrics.CONTENT_TYPE)


@blueprint.get("/status")
def status() -> ResponseReturnValue:
    """Show how the installation is, and what wants attention."""
    require(access.may_see_status(current_member()))
    return render_template("status/status.html", look=services.look())
