"""A member asks the moderators to look at a post, and reads there what came of it."""

from __future__ import annotations

from functools import partial

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from community.kernel import limits
from community.kernel.access import require
from community.kernel.errors import Invalid, NotFound
from community.members.session import current_member
from community.reviews.protocols import Clock
from community.threads import access, queries, services
from community.threads.forms import ReportForm
from community.threads.models import PostState, ReportReason
from community.threads.services.reporting import REASONS, clock_of
from community.threads.views import blueprint
from community.threads.views.reading import post_page
from community.threads.views.writing import POSTS


@blueprint.route("/posts/<int:post_id>/report", methods=["GET", "POST"])
def report_post(post_id: int) -> ResponseReturnValue:
    """Ask why a post should be looked at, hand it to the moderators, or say what came of it."""
    viewer = current_member()
    post, membership = queries.get_post(viewer=viewer, post_id=post_id)
    require(access.may_report_post(viewer, membership, post))
    own = queries.find_own_report(viewer=viewer, post_id=post_id)
    stands = post.state is PostState.PUBLISHED
    if not stands and (own is None or request.method == "POST"):
        raise NotFound
    form = ReportForm()
    page = partial(
        post_page, "threads/report.html", post, membership, form=form, own=own, stands=stands,
        usual=clock_of(ReportReason.OTHER), urgent=clock_of(ReportReason.PATIENT),
    )  # fmt: skip
    if request.method == "GET":
        return page()
    limits.spend(POSTS, "posts", viewer.id)
    if not form.validate():
        return page(), 422
    try:
        report = services.report_post(
            actor=viewer,
            membership=membership,
            post=post,
            reason=ReportReason(form.reason.data),
            words=form.words.data or "",
            client_key=form.client_key.data or "",
        )
    except Invalid as problem:
        form.refuse(problem)
        return page(), 422
    if report.client_key == form.client_key.data:
        flash(gettext("Thank you. The moderators have it, and you read here what comes of it."))
    else:
        flash(gettext("The moderators have this from you already. Nothing was sent twice."))
    return redirect(url_for("threads.report_post", post_id=post_id), 303)


@blueprint.app_template_filter()
def reason_words(reason: ReportReason) -> str:
    """Say why a post was reported."""
    return gettext(REASONS[reason])


@blueprint.app_template_filter()
def clock_words(clock: Clock) -> str:
    """Say how long a clock runs."""
    number = round(clock.limit)
    match clock.unit:
        case "minutes":
            return ngettext("%(num)s minute", "%(num)s minutes", number)
        case "business hours":
            return ngettext("%(num)s hour of office time", "%(num)s hours of office time", number)
        case "business days":
            return ngettext("%(num)s working day", "%(num)s working days", number)
        case "calendar days":
            return ngettext("%(num)s day", "%(num)s days", number)
        case _:
            return ngettext("%(num)s hour", "%(num)s hours", number)
