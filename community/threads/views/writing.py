"""Starting a thread, replying, editing."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import flash, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community.kernel import limits
from community.kernel.access import require
from community.kernel.errors import Forbidden, Invalid
from community.kernel.forms import sent_fields
from community.kernel.input import find_number
from community.kernel.web import sentence_of, wants_json
from community.kernel.words import N_
from community.members.session import current_member
from community.spaces import queries as spaces
from community.spaces.models import Membership
from community.threads import access, queries, services
from community.threads.forms import EditForm, ReplyForm, ThreadForm, WrittenForm
from community.threads.models import Post
from community.threads.services import Blocked
from community.threads.views import blueprint
from community.threads.views.answers import answer_with, as_json, renew
from community.threads.views.reading import answered_post, post_page, show_thread

POSTS = "20 per minute"


@blueprint.route("/spaces/<slug>/threads/new", methods=["GET", "POST"])
def new_thread(slug: str) -> ResponseReturnValue:
    """Show the form for a new thread, or start one."""
    viewer = current_member()
    membership = spaces.get_membership(viewer=viewer, slug=slug)
    form = ThreadForm()
    form.tags.choices = [(topic, topic) for topic in membership.space.topics]
    if request.method == "GET":
        _prefill_thread(form, membership)
        return _thread_form(membership, form)
    limits.spend(POSTS, "posts", viewer.id)
    if not form.validate():
        return _misread_thread(membership, form)
    try:
        result = services.start_thread(
            actor=viewer,
            membership=membership,
            title=form.title.data or "",
            text=form.text.data or "",
            client_key=form.client_key.data or "",
            kind=form.kind.data or "discussion",
            tags=form.tags.data or [],
            **form.advice,
        )
    except Forbidden as refusal:
        place = f"space:{membership.space_id}"
        return _unacknowledged(refusal, form, place, lambda: _thread_form(membership, form))
    except Invalid as unfit:
        problem = unfit
        return _unfit(problem, lambda: _thread_form(membership, form, problem))
    if isinstance(result, Blocked):
        renew(form, result)
        return answer_with(result, lambda: _thread_form(membership, form, verdict=as_json(result)))
    return answer_with(result, lambda: "")


def _prefill_thread(form: ThreadForm, membership: Membership) -> None:
    """Put into the form what was begun, or the first post that came back."""
    viewer, space_id = current_member(), membership.space_id
    draft = queries.find_draft(viewer=viewer, place=f"space:{space_id}")
    if draft is not None:
        form.title.data, form.text.data, form.seq.data = draft.title, draft.text, str(draft.seq)
    taken = find_number(request.args.get("take", ""))
    if taken is None:
        return
    post = queries.find_own_opening(viewer=viewer, space_id=space_id, post_id=taken)
    if post is not None:
        form.title.data, form.text.data = post.thread.title, post.text
        form.kind.data, form.tags.data = post.thread.kind, post.thread.tags


def _misread_thread(membership: Membership, form: ThreadForm) -> ResponseReturnValue:
    if wants_json():
        return jsonify(error="invalid", message=form.first_error()), 422
    return _thread_form(membership, form), 422


def _thread_form(
    membership: Membership,
    form: ThreadForm,
    problem: Invalid | None = None,
    verdict: dict[str, Any] | None = None,
) -> str:
    return render_template(
        "threads/new.html",
        membership=membership,
        space=membership.space,
        form=form,
        problem=problem,
        verdict=verdict,
        panel=spaces.readers_panel(membership.space),
    )


@blueprint.post("/threads/<int:thread_id>/posts")
def create_post(thread_id: int) -> ResponseReturnValue:
    """Reply in a thread."""
    viewer = current_member()
    opened = queries.get_thread(viewer=viewer, thread_id=thread_id)
    limits.spend(POSTS, "posts", viewer.id)
    form = ReplyForm()
    if not sent_fields().get("client_key") or not form.validate():
        raise Invalid(
            N_("This form is incomplete. Load the page again; your text is kept."),
            field="client_key",
        )
    try:
        result = services.publish_post(
            actor=viewer,
            membership=opened.membership,
            thread=opened.thread,
            text=form.text.data or "",
            client_key=form.client_key.data or "",
            reply_to=answered_post(form, opened),
            **form.advice,
        )
    except Forbidden as refusal:
        place = f"thread:{thread_id}"
        return _unacknowledged(
            refusal, form, place, lambda: show_thread(thread_id, form, verdict={})
        )
    except Invalid as problem:
        form.text.errors = [sentence_of(problem)]
        return _unfit(problem, lambda: show_thread(thread_id, form, verdict={}))
    if isinstance(result, Blocked):
        renew(form, result)
    return answer_with(result, lambda: show_thread(thread_id, form, verdict=as_json(result)))


def _unacknowledged(
    refusal: Forbidden, form: WrittenForm, place: str, page: Any
) -> ResponseReturnValue:
    """Keep the words of who has still to acknowledge the set in force, and lead there.

    Raises:
        Forbidden: something else stands in the way.
    """
    if refusal.code != "not_acknowledged":
        raise refusal
    title = form["title"].data or "" if "title" in form else ""
    services.save_draft(
        actor=current_member(), place=place, text=form["text"].data or "", title=title
    )
    if wants_json():
        leads_to = url_for("guardrails.acknowledge", version_id=refusal.values["set_id"])
        return jsonify(error=refusal.code, message=sentence_of(refusal), next=leads_to), 403
    form["text"].errors = [sentence_of(refusal)]
    return page(), 403


def _unfit(problem: Invalid, page: Any) -> ResponseReturnValue:
    """Say what is wrong with a text; the page shows it again with everything typed."""
    if wants_json():
        raise problem
    return page(), 422


@blueprint.route("/posts/<int:post_id>/edit", methods=["GET", "POST"])
def edit_post(post_id: int) -> ResponseReturnValue:
    """Show the form for another wording of one's own post, or send it."""
    viewer = current_member()
    post, membership = queries.get_post(viewer=viewer, post_id=post_id)
    require(access.may_edit_post(viewer, membership, post))
    form = EditForm()
    page = partial(
        post_page, "threads/edit.html", post, membership, form=form, verdict=None, is_resumed=False
    )
    if request.method == "GET":
        return page(is_resumed=_prefill_edit(form, post))
    limits.spend(POSTS, "posts", viewer.id)
    if not form.validate():
        return page(), 422
    try:
        result = services.edit_post(
            actor=viewer,
            membership=membership,
            post=post,
            text=form.text.data or "",
            client_key=form.client_key.data or "",
            **form.advice,
        )
    except Forbidden as refusal:
        place = services.place_of_edit(post_id)
        return _unacknowledged(refusal, form, place, page)
    except Invalid as problem:
        form.text.errors = [sentence_of(problem)]
        return _unfit(problem, page)
    if isinstance(result, Blocked):
        renew(form, result)
    elif result.judgement is not None and result.judgement.outcome == "hold":
        said = gettext("Your change waits for a person. Until then your post stays as it was.")
        flash(said, "wait")
    return answer_with(result, lambda: page(verdict=as_json(result)))


def _prefill_edit(form: EditForm, post: Post) -> bool:
    """Put into the form what was begun, the wording asked for, or that in the room.

    Returns:
        Whether it is what was begun.
    """
    draft = queries.find_draft(viewer=current_member(), place=services.place_of_edit(post.id))
    form.seq.data = str(draft.seq) if draft is not None else "0"
    asked = request.args.get("take")
    if asked is None and draft is not None and draft.text not in {"", post.text}:
        form.text.data = draft.text
        return True
    taken = next((wording for wording in post.revisions if str(wording.id) == asked), None)
    form.text.data = taken.text if taken is not None else post.text
    return False
