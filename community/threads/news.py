"""What a page has missed: the truth behind every push."""

from __future__ import annotations

from typing import Any

from flask import current_app, has_request_context

from community.kernel import kept_answers, locale, settings
from community.stream import queries as stream
from community.threads import fragments, queries


def since(space_id: int, after: int, thread_id: int | None) -> str:
    """Return what is new in a space since a number, as JSON and as everyone in it may know.

    It is worked out once for all who ask at the same time, as after a restart. Who may have it is
    asked by whoever hands it out, and again afterwards: where each statement sees what was
    committed before it, the news may be younger than the first check.

    Args:
        space_id: whose news.
        after: the number up to which the page is fresh.
        thread_id: of which thread it shows the posts, if any: these come as they look.
    """
    asked = (space_id, after, thread_id, locale.current(), settings.current().host_name)
    return kept_answers.get(("news", *asked), lambda: _told(space_id, after, thread_id))


def _told(space_id: int, after: int, thread_id: int | None) -> str:
    if not has_request_context():  # asked over a socket; a post's links want one
        with current_app.test_request_context():
            return _told(space_id, after, thread_id)
    missed = stream.after(space_id=space_id, seq=after)
    return current_app.json.dumps(
        {
            "events": _events(space_id, missed, thread_id),
            "next": missed.next,
            "head": missed.head.seq,
            "generation": missed.head.generation,
            "reset": missed.reset,
        }
    )


def _events(space_id: int, missed: stream.CatchUp, thread_id: int | None) -> list[dict[str, Any]]:
    """Fill in the fragments of the posts of one thread; of other threads only that they changed."""
    wanted = [
        news.subject_id
        for news in missed.news
        if news.kind == "post" and thread_id is not None and news.thread_id == thread_id
    ]
    views = {view.id: view for view in queries.post_views(wanted)} if wanted else {}
    return [
        {
            "space": space_id,
            "thread": news.thread_id,
            "seq": news.seq,
            "kind": news.kind,
            "id": news.subject_id,
            "version": views[news.subject_id].version if news.subject_id in views else news.version,
            "html": str(fragments.post_html(views[news.subject_id]))
            if news.kind == "post" and news.subject_id in views
            else None,
        }
        for news in missed.news
    ]
