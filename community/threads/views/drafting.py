"""While one reads and types: how far one has come, drafts, and what the guardrails would say."""

from __future__ import annotations

from flask import jsonify, request
from flask.typing import ResponseReturnValue

from community.kernel import limits
from community.kernel.errors import Invalid, NotFound
from community.kernel.forms import sent_fields
from community.kernel.input import find_number
from community.kernel.words import N_
from community.members.session import current_member
from community.spaces import queries as spaces
from community.threads import queries, services
from community.threads.forms import ReplyForm
from community.threads.views import blueprint
from community.threads.views.reading import answered_post

PREVIEWS = "120 per minute"
DRAFTS = "120 per minute"


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
        answered=answered_post(ReplyForm(), opened),
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
