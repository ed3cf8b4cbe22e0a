"""What a sender is told once a text stands, or does not."""

from __future__ import annotations

from typing import Any

from flask import flash, jsonify, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community.inquiries import queries as inquiries
from community.kernel.web import Later, wants_json
from community.stream import queries as stream
from community.threads import fragments, queries
from community.threads.forms import WrittenForm, new_key
from community.threads.services import Blocked, Published, Unconfirmed


def renew(form: WrittenForm, result: Blocked) -> None:
    """Name the next sending anew where this one was stopped; advice waits under the same name."""
    form.seen_set.data = result.judgement.set_label
    if not isinstance(result, Unconfirmed):
        form.client_key.data = new_key()


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
