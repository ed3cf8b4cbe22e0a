"""One's own inquiries, and those that one answers. Opening another's takes a press, and is kept."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community.inquiries import access, queries, services
from community.inquiries.forms import FULL, AnswerForm, CloseForm, LetterForm
from community.inquiries.models import Inquiry, InquiryState
from community.inquiries.services import Stopped
from community.kernel import limits
from community.kernel.access import require
from community.kernel.errors import Invalid
from community.kernel.input import find_number
from community.members.session import current_member

blueprint = Blueprint("inquiries", __name__)
LETTERS = "20 per minute"


@blueprint.get("/")
def inquiries() -> ResponseReturnValue:
    """Show what the viewer has asked, and what waits for those who answer."""
    viewer = current_member()
    show_done = request.args.get("show") == "done"
    before = find_number(request.args.get("before", "")) or 0
    done = queries.done_by(viewer=viewer, before=before) if show_done else None
    return render_template(
        "inquiries/inquiries.html",
        own=queries.own_inquiries(viewer=viewer),
        answers=access.answers_inquiries(viewer),
        waiting=done.inquiries if done is not None else queries.waiting_for(viewer=viewer),
        next_before=done.next_before if done is not None else 0,
        show_done=show_done,
    )


@blueprint.get("/<int:inquiry_id>")
def inquiry(inquiry_id: int) -> ResponseReturnValue:
    """Show one's own; to those who answer only what it is, until they open it."""
    viewer = current_member()
    found = queries.get_inquiry(viewer=viewer, inquiry_id=inquiry_id)
    if found.member_id == viewer.id:
        return _own_page(found, LetterForm(formdata=None))
    return render_template("inquiries/cover.html", inquiry=found)


@blueprint.post("/<int:inquiry_id>")
def open_inquiry(inquiry_id: int) -> ResponseReturnValue:
    """Show an inquiry to who answers it; that it was read is kept."""
    viewer = current_member()
    found = queries.get_inquiry(viewer=viewer, inquiry_id=inquiry_id)
    return _answer_page(found)


@blueprint.post("/<int:inquiry_id>/letters")
def write(inquiry_id: int) -> ResponseReturnValue:
    """Write back to Medical Information."""
    viewer = current_member()
    found = queries.get_inquiry(viewer=viewer, inquiry_id=inquiry_id)
    require(access.may_ask(viewer))
    limits.spend(LETTERS, "inquiries", viewer.id)
    form = LetterForm()
    if not form.was_sent_whole():
        return _own_page(found, form), 422
    try:
        result = services.ask_again(
            actor=viewer,
            inquiry=found,
            text=form.text.data or "",
            client_key=form.client_key.data or "",
        )
    except Invalid as problem:
        form.refuse(problem)
        return _own_page(found, form), 422
    if isinstance(result, Stopped):
        return _own_page(found, form, result), 422
    flash(gettext("Sent. Medical Information will answer you in person."))
    return redirect(url_for("inquiries.inquiry", inquiry_id=found.id), 303)


@blueprint.post("/<int:inquiry_id>/answer")
def answer(inquiry_id: int) -> ResponseReturnValue:
    """Answer a member."""
    viewer = current_member()
    found = queries.get_inquiry(viewer=viewer, inquiry_id=inquiry_id)
    require(access.may_answer_inquiry(viewer, found))
    form = AnswerForm()
    if not form.was_sent_whole():
        return _answer_page(found, form), 422
    try:
        result = services.answer_inquiry(
            actor=viewer,
            inquiry=found,
            text=form.text.data or "",
            references=form.references.data or "",
            delivery=form.delivery.data or "",
            is_full=form.extent.data == FULL,
            client_key=form.client_key.data or "",
            version=form.version.data or 0,
        )
    except Invalid as problem:
        form.refuse(problem)
        return _answer_page(found, form), 422
    if isinstance(result, Stopped):
        return _answer_page(found, form, stopped=result), 422
    flash(_what_is_left(found))
    return redirect(url_for("inquiries.inquiries"), 303)


def _what_is_left(answered: Inquiry) -> str:
    """Say where an inquiry and its case stand after a letter."""
    name, case = answered.member.name, answered.review
    if answered.is_open:
        return gettext("Sent to %(name)s. The full answer is still owed.", name=name)
    if case is not None and case.is_open:
        left = " · ".join(step.name for step in case.unsettled)
        return gettext(
            "Sent to %(name)s. Case %(number)s stays open for: %(steps)s",
            name=name, number=case.id, steps=left,
        )  # fmt: skip
    return gettext("Sent to %(name)s. The case is closed.", name=name)


@blueprint.post("/<int:inquiry_id>/close")
def close(inquiry_id: int) -> ResponseReturnValue:
    """Close an inquiry without an answer."""
    viewer = current_member()
    found = queries.get_inquiry(viewer=viewer, inquiry_id=inquiry_id)
    require(access.may_answer_inquiry(viewer, found))
    form = CloseForm()
    if not form.was_sent_whole():
        return _answer_page(found, closing=form), 422
    try:
        services.close_inquiry(
            actor=viewer,
            inquiry=found,
            outcome=form.outcome.data or "",
            reason=form.reason.data or "",
            version=form.version.data or 0,
        )
    except Invalid as problem:
        form.refuse(problem)
        return _answer_page(found, closing=form), 422
    flash(gettext("Closed. %(name)s reads your reason.", name=found.member.name))
    return redirect(url_for("inquiries.inquiries"), 303)


def _own_page(found: Inquiry, form: LetterForm, stopped: Stopped | None = None) -> str:
    return render_template(
        "inquiries/inquiry.html", inquiry=found, form=form, stopped=stopped, answers=False
    )


def _answer_page(
    found: Inquiry,
    form: AnswerForm | None = None,
    *,
    closing: CloseForm | None = None,
    stopped: Stopped | None = None,
) -> str:
    # Whichever way led here, the member's words are shown now.
    services.note_opened(actor=current_member(), inquiry=found)
    fresh: dict[str, Any] = {"formdata": None, "version": found.version}
    return render_template(
        "inquiries/inquiry.html",
        inquiry=found,
        form=form or AnswerForm(**fresh),
        closing=closing or CloseForm(**fresh),
        stopped=stopped,
        answers=True,
    )


@blueprint.app_template_filter()
def inquiry_state(found: Inquiry) -> str:
    """Say in a few words where an inquiry stands."""
    match found.state:
        case InquiryState.OPEN:
            return gettext("Waits for an answer")
        case InquiryState.BEGUN:
            return gettext("First answer sent, the full one follows")
        case InquiryState.ANSWERED:
            return gettext("Answered")
        case _:
            return gettext("Closed")
