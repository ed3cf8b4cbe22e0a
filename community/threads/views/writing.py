"""Starting a thread, replying, editing, drafts, and what the guardrails say while one types."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community.inquiries import queries as inquiries
from community.kernel import limits
from community.kernel.access import require
from community.kernel.errors import Forbidden, Invalid, NotFound
from community.kernel.forms import sent_fields
from community.kernel.input import find_number
from community.kernel.web import Later, sentence_of, wants_json
from community.kernel.words import N_
from community.members.session import current_member
from community.spaces import queries as spaces
from community.spaces.models import Membership
from community.stream import queries as stream
from community.threads import access, fragments, queries, services
from community.threads.forms import EditForm, ReplyForm, ThreadForm, WrittenForm, new_key
from community.threads.models import Post
from community.threads.services import Blocked, Published, Unconfirmed
from community.threads.views import blueprint
from community.threads.views.reading import post_page, show_thread

POSTS = "20 per minute"
PREVIEWS = "120 per minute"
DRAFTS = "120 per minute"


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
            reply_to=_answered(form, opened),
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


def renew(form: WrittenForm, result: Blocked) -> None:
    """Name the next sending anew where this one was stopped; advice waits under the same name."""
    form.seen_set.data = result.judgement.set_label
    if not isinstance(result, Unconfirmed):
        form.client_key.data = new_key()


def _answered(form: ReplyForm, opened: queries.Opened) -> Post | None:
    """Return the post that is answered, if it stands in this thread."""
    post_id = find_number(form.reply_to.data or "")
    if post_id is None:
        return None
    try:
        post, _ = queries.get_post(viewer=current_member(), post_id=post_id)
    except NotFound:
        return None
    return post if post.thread_id == opened.thread.id and post.number is not None else None


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


def answer_with(result: Published | Blocked, page: Any) -> ResponseReturnValue:
    """Tell the sender what became of a text, once it stands."""
    is_held = isinstance(result, Published) and result.is_held
    if (change := _set_change_words(result)) and (is_held or not wants_json()):
        flash(change)
    if isinstance(result, Unconfirmed):
        if wants_json():
            body = {"error": "advice", "message": _advice_words(), "verdict": as_json(result)}
            return jsonify(body), 409
        return page(), 409
    if isinstance(result, Blocked):
        if wants_json():
            body = {"error": "blocked", "message": _blocked_words(), "verdict": as_json(result)}
            return jsonify(body), 422
        return page(), 422
    if wants_json():
        return _told_when_it_stands(result)
    if result.is_held:
        said = gettext("Your text is kept and waits for a person. You will hear from them here.")
        flash(said, "wait")
    return redirect(url_for("threads.post", post_id=result.post.id), 303)


def _blocked_words() -> str:
    return gettext("This can't go out as it stands. Your text is kept.")


def _advice_words() -> str:
    return gettext("Read the advice first. Then it goes out as it stands. Your text is kept.")


def as_json(result: Published | Blocked) -> dict[str, Any] | None:
    """Return what the guardrails said, as a page and its script need it."""
    if result.judgement is None:
        return None
    said = result.judgement.as_json()
    if said["set_change"] is not None:
        said["set_change"]["sentence"] = _set_change_words(result)
    return said


def _set_change_words(result: Published | Blocked) -> str:
    """Say what is different where a stricter set came into force while one wrote."""
    change = result.judgement.set_change if result.judgement is not None else None
    if change is None or not change.is_stricter:
        return ""
    return gettext(
        "While you wrote, %(now)s came into force in place of %(seen)s, and it counts. New in it:"
        " %(rules)s",
        now=change.now,
        seen=change.seen,
        rules=" ".join(change.new),
    )


def _told_when_it_stands(result: Published) -> Later:
    """Answer with a post as the sender's page needs it: with its number in the space's stream."""
    post = result.post
    post_id, author_id, space_id = post.id, post.author_id, post.thread.space_id
    body = {
        "id": post_id,
        "thread": post.thread_id,
        "number": post.number,
        "version": post.version,
        "state": post.state.value,
        "verdict": as_json(result),
        "copied": [desk for desk in queries.RECEIVE if desk in _routes(result)],
    }

    def tell() -> ResponseReturnValue:
        views = queries.post_views([post_id])
        inquiry = inquiries.find_id_for_post(member_id=author_id, post_id=post_id)
        return jsonify(
            **body,
            seq=stream.find_last_of(space_id=space_id, kind="post", subject_id=post_id),
            html=str(fragments.post_html(views[0])) if views else None,
            inquiry=f"/inquiries/{inquiry}" if inquiry is not None else None,
        ), 200 if result.repeated else 201

    return Later(tell)


def _routes(result: Published) -> tuple[str, ...]:
    return result.judgement.routes if result.judgement is not None else ()


@blueprint.route("/posts/<int:post_id>/edit", methods=["GET", "POST"])
def edit_post(post_id: int) -> ResponseReturnValue:
    """Show the form for another wording of one's own post, or send it."""
    viewer = current_member()
    post, membership = queries.get_post(viewer=viewer, post_id=post_id)
    require(access.may_edit_post(viewer, membership, post))
    form = EditForm()
    page = partial(post_page, "threads/edit.html", post, membership, form=form, verdict=None)
    if request.method == "GET":
        taken = next((r for r in post.revisions if str(r.id) == request.args.get("take", "")), None)
        form.text.data = taken.text if taken is not None else post.text
        return page()
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
        place = f"post:{post_id}"
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


# --- reading positions, drafts, verdicts while typing ------------------------------------------


@blueprint.post("/threads/<int:thread_id>/read")
def note_read(thread_id: int) -> ResponseReturnValue:
    """Keep how far the viewer has read."""
    viewer = current_member()
    opened = queries.get_thread(viewer=viewer, thread_id=thread_id)
    number = find_number(sent_fields().get("number", ""))
    if number is None:
        raise Invalid(N_("Say up to which number, such as 7."), field="number")
    services.note_read(actor=viewer, thread=opened.thread, number=number)
    return "", 204


@blueprint.post("/drafts")
def save_draft() -> ResponseReturnValue:
    """Keep what the viewer has begun to write."""
    viewer = current_member()
    limits.spend(DRAFTS, "drafts", viewer.id)
    sent = sent_fields()
    place = sent.get("place", "")
    _require_place(place)
    draft = services.save_draft(
        actor=viewer,
        place=place,
        text=sent.get("text", ""),
        title=sent.get("title", ""),
        seq=find_number(sent.get("seq", "")),
    )
    return jsonify(seq=draft.seq, saved_at=draft.saved_at.isoformat())


@blueprint.get("/drafts")
def draft() -> ResponseReturnValue:
    """Return what the viewer has begun to write in a place."""
    place = request.args.get("place", "")
    _require_place(place)
    found = queries.find_draft(viewer=current_member(), place=place)
    if found is None:
        return jsonify(seq=0, text="", title="")
    return jsonify(seq=found.seq, text=found.text, title=found.title)


def _require_place(place: str) -> None:
    """Let pass only places that the viewer may see.

    Raises:
        NotFound: it is no place, or not for this viewer.
    """
    viewer = current_member()
    kind, _, written = place.partition(":")
    key = find_number(written)
    if key is None:
        raise NotFound
    match kind:
        case "thread":
            queries.get_thread(viewer=viewer, thread_id=key)
        case "post":
            queries.get_post(viewer=viewer, post_id=key)
        case "space":
            spaces.require_place(viewer=viewer, space_id=key)
        case _:
            raise NotFound


@blueprint.post("/threads/<int:thread_id>/preview")
def preview_reply(thread_id: int) -> ResponseReturnValue:
    """Say what the guardrails would say to a reply as it stands. Nothing is kept."""
    viewer = current_member()
    opened = queries.get_thread(viewer=viewer, thread_id=thread_id)
    limits.spend(PREVIEWS, "previews", viewer.id)
    judgement = services.preview(
        actor=viewer,
        membership=opened.membership,
        thread=opened.thread,
        text=_preview_text(),
        answered=_answered(ReplyForm(), opened),
    )
    return jsonify(judgement.as_json())


@blueprint.post("/spaces/<slug>/threads/preview")
def preview_thread(slug: str) -> ResponseReturnValue:
    """Say what the guardrails would say to a new thread as it stands. Nothing is kept."""
    viewer = current_member()
    membership = spaces.get_membership(viewer=viewer, slug=slug)
    limits.spend(PREVIEWS, "previews", viewer.id)
    judgement = services.preview(
        actor=viewer,
        membership=membership,
        thread=None,
        text=_preview_text(),
        title=str(sent_fields().get("title", ""))[: services.LONGEST_TITLE],
    )
    return jsonify(judgement.as_json())


def _preview_text() -> str:
    text = str(sent_fields().get("text", ""))
    if len(text) > services.LONGEST_POST:
        raise Invalid(
            N_("That is %(length)s characters; 20,000 are the most. Your text is kept."),
            field="text",
            length=f"{len(text):,}",
        )
    return text
