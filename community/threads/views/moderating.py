"""Taking down and putting back, pinning and locking."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community.kernel.access import require
from community.kernel.errors import Invalid
from community.kernel.input import find_number
from community.kernel.web import sentence_of
from community.members.session import current_member
from community.threads import access, queries, services
from community.threads.forms import ReasonForm
from community.threads.views import blueprint
from community.threads.views.reading import post_page


@blueprint.route("/posts/<int:post_id>/remove", methods=["GET", "POST"])
def remove_post(post_id: int) -> ResponseReturnValue:
    """Ask why a post should go, or take it down."""
    viewer = current_member()
    post, membership = queries.get_post(viewer=viewer, post_id=post_id)
    require(access.may_remove_post(viewer, membership, post))
    form = ReasonForm()
    if form.was_sent_whole():
        try:
            services.remove_post(
                actor=viewer, membership=membership, post=post, reason=form.reason.data or ""
            )
        except Invalid as problem:
            form.reason.errors = [sentence_of(problem)]
        else:
            way_back = url_for("threads.restore_post", post_id=post.id)
            flash(gettext("Taken down. A line in its place says so."), f"undo {way_back}")
            return redirect(url_for("threads.post", post_id=post.id), 303)
    own = post.author_id == viewer.id
    page = post_page("threads/remove.html", post, membership, form=form, own=own)
    return page, 422 if request.method == "POST" else 200


@blueprint.route("/posts/<int:post_id>/restore", methods=["GET", "POST"])
def restore_post(post_id: int) -> ResponseReturnValue:
    """Show what was taken down, or put it back."""
    viewer = current_member()
    post, membership = queries.get_post(viewer=viewer, post_id=post_id)
    require(access.may_restore_post(viewer, membership, post))
    form = ReasonForm()
    if form.was_sent_whole():
        services.restore_post(
            actor=viewer, membership=membership, post=post, reason=form.reason.data or ""
        )
        return redirect(url_for("threads.post", post_id=post.id), 303)
    return post_page("threads/restore.html", post, membership, form=form)


@blueprint.post("/posts/<int:post_id>/cover")
def cover_wording(post_id: int) -> ResponseReturnValue:
    """Take an earlier wording of a post out of sight."""
    viewer = current_member()
    post, membership = queries.get_post(viewer=viewer, post_id=post_id)
    services.cover_wording(
        actor=viewer,
        membership=membership,
        post=post,
        number=find_number(request.form.get("wording", "")),
    )
    flash(gettext("Covered. Nobody reads that wording here any more."))
    return redirect(url_for("threads.revisions", post_id=post.id), 303)


@blueprint.post("/posts/<int:post_id>/withdraw")
def withdraw_post(post_id: int) -> ResponseReturnValue:
    """Take back a text of one's own that waits for a person."""
    viewer = current_member()
    post, membership = queries.get_post(viewer=viewer, post_id=post_id)
    services.withdraw_post(actor=viewer, membership=membership, post=post)
    flash(gettext("Taken back. It does not go out, and your words are kept here."))
    return redirect(url_for("threads.post", post_id=post.id), 303)


@blueprint.post("/threads/<int:thread_id>/pin")
def pin_thread(thread_id: int) -> ResponseReturnValue:
    """Keep a thread at the top."""
    return _pin(thread_id, pinned=True)


@blueprint.post("/threads/<int:thread_id>/unpin")
def unpin_thread(thread_id: int) -> ResponseReturnValue:
    """Let a thread go from the top."""
    return _pin(thread_id, pinned=False)


def _pin(thread_id: int, *, pinned: bool) -> ResponseReturnValue:
    viewer = current_member()
    opened = queries.get_thread(viewer=viewer, thread_id=thread_id)
    services.pin_thread(
        actor=viewer, membership=opened.membership, thread=opened.thread, pinned=pinned
    )
    return redirect(url_for("threads.thread", thread_id=thread_id), 303)


@blueprint.route("/threads/<int:thread_id>/lock", methods=["GET", "POST"])
def lock_thread(thread_id: int) -> ResponseReturnValue:
    """Ask why a thread should be closed to replies, or close it."""
    viewer = current_member()
    opened = queries.get_thread(viewer=viewer, thread_id=thread_id)
    require(access.may_moderate_thread(viewer, opened.membership, opened.thread))
    form = ReasonForm()
    if form.was_sent_whole():
        try:
            services.lock_thread(
                actor=viewer, membership=opened.membership, thread=opened.thread, locked=True,
                reason=form.reason.data or "",
            )  # fmt: skip
        except Invalid as problem:
            form.reason.errors = [sentence_of(problem)]
        else:
            return redirect(url_for("threads.thread", thread_id=thread_id), 303)
    page = render_template(
        "threads/lock.html", thread=opened.thread, space=opened.thread.space,
        membership=opened.membership, form=form,
    )  # fmt: skip
    return page, 422 if request.method == "POST" else 200


@blueprint.post("/threads/<int:thread_id>/unlock")
def unlock_thread(thread_id: int) -> ResponseReturnValue:
    """Open a thread to replies again."""
    viewer = current_member()
    opened = queries.get_thread(viewer=viewer, thread_id=thread_id)
    services.lock_thread(
        actor=viewer, membership=opened.membership, thread=opened.thread, locked=False, reason=""
    )
    return redirect(url_for("threads.thread", thread_id=thread_id), 303)
