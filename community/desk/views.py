"""The cases of the duties one holds and of the spaces one moderates."""

from __future__ import annotations

import io

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community.desk import queries, services, titles
from community.desk.faces import face_of
from community.desk.forms import AgainForm, DecisionForm, StepForm
from community.inquiries import queries as inquiries
from community.kernel import clock
from community.kernel.access import require
from community.kernel.errors import Forbidden, Invalid
from community.kernel.input import find_number
from community.kernel.markup.words import words_of
from community.kernel.words import N_
from community.members import queries as members
from community.members.session import current_member
from community.members.views.asking import asks_again, named
from community.reviews import access as reviews_access
from community.reviews import queries as reviews
from community.reviews import services as review_services
from community.reviews.models import DecisionKind, Review, ReviewKind, Settled
from community.reviews.services import steps

blueprint = Blueprint("desk", __name__)


@blueprint.get("/")
def desk() -> ResponseReturnValue:
    """Show the open cases, the least time left first, or the decided ones."""
    viewer = current_member()
    number = find_number(request.args.get("case", ""))
    if number is not None:
        return redirect(url_for(".cover", review_id=number), 303)
    show_closed = request.args.get("show") == "closed"
    before = find_number(request.args.get("before", "")) or 0
    closed = reviews.closed_reviews(viewer=viewer, before=before) if show_closed else None
    found = closed.reviews if closed is not None else reviews.open_reviews(viewer=viewer)
    elsewhere = [] if show_closed else reviews.holds_elsewhere(viewer=viewer)
    return render_template(
        "desk/desk.html",
        reviews=found,
        elsewhere=elsewhere,
        titles=queries.case_titles([*found, *elsewhere]),
        show_closed=show_closed,
        next_before=closed.next_before if closed is not None else 0,
        waiting_credentials=members.count_credentials_to_check(viewer=viewer),
        open_count=reviews.count_open(viewer=viewer),
        faces={review.id: face_of(review, clock.now()) for review in [*found, *elsewhere]},
    )


@blueprint.get("/<int:review_id>")
def cover(review_id: int) -> ResponseReturnValue:
    """Show what kind of case it is and how much time is left; its text takes a press."""
    review, _ = reviews.get_review(viewer=current_member(), review_id=review_id)
    titles = queries.case_titles([review])
    return render_template(
        "desk/cover.html",
        review=review,
        title=titles[review.id],
        opened_by=queries.names_in(review),
        face=face_of(review, clock.now()),
    )


@blueprint.post("/<int:review_id>")
def open_case(review_id: int) -> ResponseReturnValue:
    """Show a case; that it was read is kept."""
    viewer = current_member()
    case = queries.get_case(viewer=viewer, review_id=review_id)
    review_services.note_opened(actor=viewer, review=case.review)
    return _case_page(case, _fresh(case))


@blueprint.post("/<int:review_id>/file")
@named(lambda review_id: gettext("Save case %(number)s as a file.", number=review_id))
def case_file(review_id: int) -> ResponseReturnValue:
    """Return a case as a file, to be entered in the system of Safety or Quality; that is kept."""
    case = queries.get_case(viewer=current_member(), review_id=review_id)
    if not case.is_followed_up:
        raise Forbidden(N_("Only Safety and Quality save a case as a file."))
    return _as_file(case)


@asks_again
def _as_file(case: queries.Case) -> ResponseReturnValue:
    viewer = current_member()
    review_services.note_taken(actor=viewer, review=case.review)
    text = render_template(
        "desk/case_file.txt",
        case=case,
        review=case.review,
        viewer=viewer,
        before=[(post, words_of(post.html)) for post in case.context if post.state != "removed"],
        now=clock.now(),
    )
    name = f"case-{case.review.id}.txt"
    content = io.BytesIO(text.encode("utf-8", "surrogatepass"))
    return send_file(content, "text/plain; charset=utf-8", as_attachment=True, download_name=name)


def _fresh(case: queries.Case) -> DecisionForm:
    return DecisionForm(formdata=None, version=case.review.version)


def _case_page(case: queries.Case, form: DecisionForm, again: AgainForm | None = None) -> str:
    face = face_of(case.review, clock.now())
    inquiry = inquiries.find_for_review(case.review.id)
    return render_template(
        "desk/case.html",
        case=case,
        form=form,
        said={key: how.value for key, how in form.said(case.review.unsettled).items()},
        face=face,
        inquiry=inquiry,
        again=again or AgainForm(formdata=None, version=case.review.version),
        may_take_up_again=bool(
            reviews_access.may_take_up_again(current_member(), case.membership, case.review)
        ),
    )


@blueprint.post("/<int:review_id>/decision")
def decide(review_id: int) -> ResponseReturnValue:
    """Decide a case."""
    viewer = current_member()
    form = DecisionForm()
    case = queries.get_case(viewer=viewer, review_id=review_id)
    if not form.validate():
        review_services.note_opened(actor=viewer, review=case.review)
        return _case_page(case, form), 422
    try:
        review = services.decide(
            actor=viewer,
            review_id=review_id,
            version=form.version.data or 0,
            decision=DecisionKind(form.decision.data),
            reason=form.reason.data or "",
            said=form.said(case.review.unsettled),
        )
    except Invalid as problem:
        review_services.note_opened(actor=viewer, review=case.review)
        form.refuse(problem)
        return _case_page(case, form), 422
    flash(_said(review))
    return redirect(url_for("desk.desk"), 303)


@blueprint.post("/<int:review_id>/again")
def take_up_again(review_id: int) -> ResponseReturnValue:
    """Open a case again that was closed too early."""
    viewer = current_member()
    case = queries.get_case(viewer=viewer, review_id=review_id)
    require(reviews_access.may_take_up_again(viewer, case.membership, case.review))
    form = AgainForm()
    try:
        if form.was_sent_whole():
            review_services.take_up_again(
                actor=viewer,
                review_id=review_id,
                version=form.version.data or 0,
                reason=form.reason.data or "",
            )
            flash(gettext("The case is open again. Its steps stay as they were ticked off."))
            return redirect(url_for("desk.cover", review_id=review_id), 303)
    except Invalid as problem:
        form.refuse(problem)
    review_services.note_opened(actor=viewer, review=case.review)
    return _case_page(case, _fresh(case), again=form), 422


@blueprint.post("/<int:review_id>/steps/<int:step_id>")
def settle_step(review_id: int, step_id: int) -> ResponseReturnValue:
    """Tick a step of a case off, or take it up again, and show the case as it stands then."""
    viewer = current_member()
    form = StepForm()
    if not form.validate():
        raise Invalid(N_("A step is done, or it does not apply."), field="settled")
    if form.settled.data:
        how = Settled(form.settled.data)
        steps.settle(actor=viewer, review_id=review_id, step_id=step_id, how=how)
    else:
        steps.take_up_again(actor=viewer, review_id=review_id, step_id=step_id)
    case = queries.get_case(viewer=viewer, review_id=review_id)
    return _case_page(case, _fresh(case))  # the deed is in the record, so that it was open is, too


@blueprint.get("/<int:review_id>/again")
@blueprint.get("/<int:review_id>/decision")
@blueprint.get("/<int:review_id>/steps/<int:step_id>")
def came_back(review_id: int, step_id: int = 0) -> ResponseReturnValue:
    """Lead whoever comes back to the address of a deed to its case, of whichever step it was."""
    del step_id
    reviews.get_review(viewer=current_member(), review_id=review_id)
    return redirect(url_for("desk.cover", review_id=review_id), 303)


def _said(review: Review) -> str:
    if review.kind is ReviewKind.REPORT:
        return _said_of_report(review)
    match review.decision:
        case DecisionKind.RELEASE:
            return gettext("Released. It stands at the end of its thread.")
        case DecisionKind.RETURN:
            return gettext("Returned to its author, with your reason.")
        case DecisionKind.REMOVE:
            return gettext("Removed. Its author reads your reason.")
        case _:
            return gettext("Closed.")


def _said_of_report(review: Review) -> str:
    if review.decision is DecisionKind.REMOVE:
        return gettext("Taken down. Its author and those who reported it read your reason.")
    return gettext("Closed. The post is as it was, and those who reported it read your reason.")


@blueprint.app_template_global()
def case_title(review: Review) -> str:
    """Say what was found in the text that a case is about."""
    return titles.title_of(review)


@blueprint.app_template_global()
def decision_name(decision: str) -> str:
    """Say in one word what was decided."""
    match DecisionKind(decision):
        case DecisionKind.RELEASE:
            return gettext("Released")
        case DecisionKind.RETURN:
            return gettext("Returned")
        case DecisionKind.REMOVE:
            return gettext("Removed")
        case DecisionKind.WITHDRAW:
            return gettext("Taken back by its author")
        case _:
            return gettext("Closed")
