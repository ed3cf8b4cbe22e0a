"""Answers of a kind of their own: the pointer, a question in private, a correction, the mark."""

from __future__ import annotations

from functools import partial

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community.inquiries import access as inquiry_access
from community.inquiries import queries as inquiry_queries
from community.inquiries import services as inquiries
from community.inquiries.services import Stopped
from community.kernel import limits
from community.kernel.access import require
from community.kernel.errors import Invalid, NotFound
from community.kernel.web import sentence_of
from community.members.session import current_member
from community.spaces.models import Membership
from community.threads import access, queries, services
from community.threads.forms import CorrectionForm, PointerForm, QuestionForm, ReasonForm
from community.threads.models import Post, PostState
from community.threads.services import Blocked, corrections
from community.threads.services.routing import question_of
from community.threads.views import blueprint
from community.threads.views.answers import answer_with, as_json, renew
from community.threads.views.reading import post_page
from community.threads.views.writing import POSTS


def _shown(post_id: int) -> tuple[Post, Membership]:
    """Return a post that stands in the room."""
    post, membership = queries.get_post(viewer=current_member(), post_id=post_id)
    if post.state is not PostState.PUBLISHED:
        raise NotFound
    return post, membership


# --- the pointer ---------------------------------------------------------------------------------


@blueprint.route("/posts/<int:post_id>/pointer", methods=["GET", "POST"])
def send_pointer(post_id: int) -> ResponseReturnValue:
    """Point a member to Medical Information, and open an inquiry with the member's question."""
    viewer = current_member()
    post, membership = _shown(post_id)
    require(access.may_point(viewer, membership, post))
    if request.method == "GET":
        services.require_unpointed(post)
    form = PointerForm()
    page = partial(
        post_page, "threads/pointer.html", post, membership,
        form=form, pointer=services.pointer_text(), verdict=None,
        is_known=services.is_known_off_label(post),
        inquiry=inquiry_queries.find_for_post(member_id=post.author_id, post_id=post.id),
    )  # fmt: skip
    if request.method == "GET":
        return page()
    limits.spend(POSTS, "posts", viewer.id)
    if not form.validate():
        return page(), 422
    try:
        result = services.send_pointer(
            actor=viewer,
            membership=membership,
            post=post,
            client_key=form.client_key.data or "",
            beyond_label=bool(form.beyond_label.data),
            **form.advice,
        )
    except Invalid as problem:
        form.beyond_label.errors = [sentence_of(problem)]
        return page(), 422
    if isinstance(result, Blocked):
        renew(form, result)
    return answer_with(result, lambda: page(verdict=as_json(result)))


# --- a question in private -----------------------------------------------------------------------


@blueprint.route("/posts/<int:post_id>/inquiry", methods=["GET", "POST"])
def ask_in_private(post_id: int) -> ResponseReturnValue:
    """Ask Medical Information about a post, unseen by the room."""
    viewer = current_member()
    post, membership = _shown(post_id)
    require(inquiry_access.may_ask(viewer))
    earlier = inquiry_queries.find_for_post(member_id=viewer.id, post_id=post.id)
    if earlier is not None:
        return redirect(url_for("inquiries.inquiry", inquiry_id=earlier.id), 303)
    form = QuestionForm()
    page = partial(post_page, "threads/inquiry.html", post, membership, form=form, stopped=None)
    if request.method == "GET":
        return page()
    limits.spend(POSTS, "posts", viewer.id)
    if not form.validate():
        return page(), 422
    try:
        result = inquiries.ask_in_private(
            actor=viewer,
            question=question_of(post, form.text.data or "", member=viewer),
            client_key=form.client_key.data or "",
        )
    except Invalid as problem:
        form.refuse(problem)
        return page(), 422
    if isinstance(result, Stopped):
        return page(stopped=result), 422
    flash(gettext("Sent. Medical Information will answer you in person."))
    return redirect(url_for("inquiries.inquiry", inquiry_id=result.id), 303)


# --- a correction --------------------------------------------------------------------------------


@blueprint.route("/posts/<int:post_id>/correction", methods=["GET", "POST"])
def correct(post_id: int) -> ResponseReturnValue:
    """Put one false statement of fact right: quoted, with its source, and nothing else."""
    viewer = current_member()
    post, membership = _shown(post_id)
    require(access.may_correct(viewer, membership, post))
    form = CorrectionForm()
    page = partial(
        post_page, "threads/correction.html", post, membership,
        form=form, claims=corrections.sentences_of(post.text), verdict=None,
    )  # fmt: skip
    if request.method == "GET":
        form.their_words.data = request.args.get("words", "")
        return page()
    limits.spend(POSTS, "posts", viewer.id)
    if not form.validate():
        return page(), 422
    try:
        result = services.send_correction(
            actor=viewer,
            membership=membership,
            post=post,
            correction=form.correction,
            client_key=form.client_key.data or "",
            **form.advice,
        )
    except Invalid as problem:
        form.refuse(problem)
        return page(), 422
    if isinstance(result, Blocked):
        renew(form, result)
    return answer_with(result, lambda: page(verdict=as_json(result)))


# --- the mark ------------------------------------------------------------------------------------


@blueprint.route("/threads/<int:thread_id>/lift-mark", methods=["GET", "POST"])
def lift_mark(thread_id: int) -> ResponseReturnValue:
    """Ask why the mark should go, or take it off."""
    viewer = current_member()
    opened = queries.get_thread(viewer=viewer, thread_id=thread_id)
    require(access.may_moderate_thread(viewer, opened.membership, opened.thread))
    form = ReasonForm()
    if form.was_sent_whole():
        try:
            services.lift_mark(
                actor=viewer,
                membership=opened.membership,
                thread=opened.thread,
                reason=form.reason.data or "",
            )
        except Invalid as problem:
            form.reason.errors = [sentence_of(problem)]
        else:
            return redirect(url_for("threads.thread", thread_id=thread_id), 303)
    page = render_template(
        "threads/lift_mark.html", thread=opened.thread, space=opened.thread.space,
        membership=opened.membership, form=form,
    )  # fmt: skip
    return page, 422 if request.method == "POST" else 200
