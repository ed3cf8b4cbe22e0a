"""A space's threads, a thread's posts, and what is new since a number."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from community.inquiries import queries as inquiries
from community.kernel import kept_pages, markup
from community.kernel.errors import Invalid, NotFound
from community.kernel.input import find_number
from community.kernel.web import for_programs
from community.kernel.words import N_
from community.members.session import current_member
from community.responses import queries as responses
from community.spaces import access as spaces_access
from community.spaces import queries as spaces
from community.spaces.models import Membership
from community.stream import queries as stream
from community.threads import access, fragments, news, queries
from community.threads.difference import wordings
from community.threads.forms import ReplyForm
from community.threads.models import Post, PostState, Thread
from community.threads.services.pointing import POINTER
from community.threads.views import blueprint


@blueprint.get("/spaces/<slug>")
@kept_pages.kept
def space(slug: str) -> ResponseReturnValue:
    """Show a space's threads, pinned first, then the latest news."""
    viewer = current_member()
    membership = spaces.get_membership(viewer=viewer, slug=slug)
    head = stream.get_head(space_id=membership.space_id)
    before, after = _key("before"), _key("after")
    return render_template(
        "threads/space.html",
        membership=membership,
        space=membership.space,
        head=head,
        pinned=queries.pinned_threads(viewer=viewer, space=membership.space)
        if before is None and after is None
        else [],
        page=queries.threads_page(
            viewer=viewer, space=membership.space, before=before, after=after
        ),
        panel=spaces.readers_panel(membership.space),
        may_start=access.may_start_thread(viewer, membership),
    )


def _key(name: str) -> tuple[datetime, int] | None:
    """Read a place in the list, written as microseconds since 1970 and an id."""
    value = request.args.get(name, "")
    if not value:
        return None
    first, _, second = value.partition(".")
    micros, key = find_number(first), find_number(second)
    if micros is None or key is None:
        raise NotFound
    try:
        return datetime.fromtimestamp(micros / 1_000_000, UTC), key
    except (ValueError, OverflowError, OSError):
        raise NotFound from None


@blueprint.get("/threads/<int:thread_id>")
@kept_pages.kept
def thread(thread_id: int) -> ResponseReturnValue:
    """Show a thread from its first new post, from a given number, or from its beginning."""
    return show_thread(thread_id, ReplyForm())


def show_thread(thread_id: int, form: ReplyForm, *, verdict: dict[str, Any] | None = None) -> str:
    """Render the thread page; the head is read before the posts, so that nothing falls between."""
    viewer = current_member()
    reading = queries.get_reading(viewer=viewer, thread_id=thread_id)
    thread, membership = reading.opened.thread, reading.opened.membership
    page = queries.posts_page(
        thread=thread, from_number=_number("from"), before_number=_number("before")
    )
    if verdict is None:
        _prefill(form, reading)
    panel = spaces.readers_panel(thread.space)
    waiting_edits = (
        queries.own_waiting_edits(viewer=viewer, thread=thread) if reading.has_waiting_edits else ()
    )
    return render_template(
        "threads/thread.html",
        thread=thread,
        space=thread.space,
        membership=membership,
        head=reading.head,
        page=page,
        posts=fragments.posts_html(page.rows),
        read=reading.read,
        waiting=queries.own_waiting_posts(viewer=viewer, thread=thread)
        if reading.has_waiting
        else (),
        waiting_edits=waiting_edits,
        editable_ids=[
            revision.post_id
            for revision in waiting_edits
            if access.may_edit_post(viewer, membership, revision.post)
        ],
        moderator_ids=sorted(each.id for each in panel.moderators),
        moderates=bool(spaces_access.may_moderate(viewer, membership)),
        may_moderate=access.may_moderate_thread(viewer, membership, thread),
        may_post=spaces_access.may_post_here(viewer, membership),
        may_reply=access.may_reply(viewer, membership, thread),
        uneditable_ids=[
            post.id
            for post in page.rows
            if post.author_id == viewer.id and access.is_window_over(post.at, thread.space)
        ],
        panel=panel,
        form=form,
        verdict=verdict,
        pointer=responses.usable_text(POINTER) or "" if viewer.is_company else "",
        inquiries=inquiries.own_in_thread(viewer=viewer, thread_id=thread.id)
        if reading.has_inquiries
        else (),
        copies=queries.own_copies_in(viewer=viewer, thread_id=thread.id)
        if reading.has_copies
        else {},
        reports=queries.own_reports_in(viewer=viewer, thread_id=thread.id)
        if reading.has_reports
        else {},
    )


def _prefill(form: ReplyForm, reading: queries.Reading) -> None:
    """Put into the composer what was begun, what came back, or the post to quote."""
    viewer, opened = current_member(), reading.opened
    if reading.draft is not None:
        form.text.data, form.seq.data = reading.draft[0], str(reading.draft[1])
    taken, response = _number("take"), _number("response")
    quoted = _number("quote")
    if taken is not None:
        waiting = queries.own_waiting_posts(viewer=viewer, thread=opened.thread)
        form.text.data = next((post.text for post in waiting if post.id == taken), form.text.data)
    if response is not None and viewer.is_company:
        countries = spaces.countries_of_readers(opened.thread.space_id)
        version = responses.find_usable(response, countries)
        if version is not None:
            form.text.data = f"{form.text.data or ''}\n\n{version.cited}".lstrip()
            form.reply_to.data = str(_number("post") or "")
    if quoted is not None:
        post, _ = queries.get_post(viewer=viewer, post_id=quoted)
        if post.thread_id == opened.thread.id and post.state is PostState.PUBLISHED:
            form.text.data = f"{form.text.data or ''}{markup.quote(post.text)}\n\n"
            form.reply_to.data = str(post.id)


def _number(name: str) -> int | None:
    return find_number(request.args.get(name, ""))


@blueprint.get("/threads/<int:thread_id>/new")
def first_unread(thread_id: int) -> ResponseReturnValue:
    """Go to the first post that the viewer has not read."""
    viewer = current_member()
    opened = queries.get_thread(viewer=viewer, thread_id=thread_id)
    read = queries.read_number(viewer=viewer, thread=opened.thread)
    number = min(read + 1, opened.thread.last_number)
    return redirect(_address_of(opened.thread, number, anchor="new" if read else None), 303)


@blueprint.get("/posts/<int:post_id>")
def post(post_id: int) -> ResponseReturnValue:
    """Go to a post in its thread."""
    found, _ = queries.get_post(viewer=current_member(), post_id=post_id)
    anchor = f"post-{found.id}" if found.number is not None else f"waiting-{found.id}"
    return redirect(_address_of(found.thread, found.number or 1, anchor=anchor), 303)


def _address_of(thread: Thread, number: int, *, anchor: str | None) -> str:
    start = max(1, number - queries.POSTS_A_PAGE // 2)
    place: dict[str, Any] = {"from": start} if start > 1 else {}
    return url_for("threads.thread", thread_id=thread.id, _anchor=anchor, **place)


@blueprint.get("/threads/<int:thread_id>/row")
def row(thread_id: int) -> ResponseReturnValue:
    """Return one row of the list, as the viewer sees it now."""
    found = queries.get_thread_row(viewer=current_member(), thread_id=thread_id)
    return render_template("threads/_thread_row.html", row=found)


@blueprint.get("/posts/<int:post_id>/revisions")
def revisions(post_id: int) -> ResponseReturnValue:
    """Show what a post said before, with what was changed each time."""
    found, membership = queries.get_post(viewer=current_member(), post_id=post_id)
    if found.number is None or found.state.value == "removed":
        raise NotFound
    return render_template(
        "threads/revisions.html",
        post=found,
        thread=found.thread,
        space=found.thread.space,
        membership=membership,
        wordings=wordings(queries.revisions(post=found)),
        covered=queries.count_covered(post=found),
        may_cover=access.may_cover_wording(current_member(), membership, found),
    )


@blueprint.get("/spaces/<slug>/stream")
@for_programs
def catch_up(slug: str) -> ResponseReturnValue:
    """Return what is new in a space since a number: the truth behind every push."""
    viewer = current_member()
    space_id = spaces.get_space_id(viewer=viewer, slug=slug)
    after, thread_id = _number("after"), _number("thread")
    if after is None:
        raise Invalid(N_("Say after which number, such as after=17."), field="after")
    missed = news.since(space_id, after, thread_id)
    spaces.require_place(viewer=viewer, space_id=space_id)
    return current_app.response_class(missed, mimetype="application/json")


def post_page(name: str, post: Post, membership: Membership, **more: Any) -> str:
    """Render a page about one post: `more` is what this page wants besides."""
    return render_template(
        name,
        post=post,
        thread=post.thread,
        space=post.thread.space,
        membership=membership,
        **more,
    )


def answered_post(form: ReplyForm, opened: queries.Opened) -> Post | None:
    """Return the post that is answered, if it stands in this thread."""
    post_id = find_number(form.reply_to.data or "")
    if post_id is None:
        return None
    try:
        post, _ = queries.get_post(viewer=current_member(), post_id=post_id)
    except NotFound:
        return None
    return post if post.thread_id == opened.thread.id and post.number is not None else None
