"""What threads have to say to sockets: how a post looks, what was missed, who may watch what."""

from __future__ import annotations

from community.kernel import realtime
from community.kernel.errors import NotFound
from community.members.models import Member
from community.spaces.realtime import Place, find_threads_with, tell_missed_with
from community.threads import access, news, queries
from community.threads.fragments import render_posts


def find_place(viewer: Member, thread_id: int) -> Place | None:
    """Return where a thread is and whether the viewer may write in it; None if it is not seen."""
    try:
        opened = queries.get_thread(viewer=viewer, thread_id=thread_id)
    except NotFound:
        return None
    may_write = bool(access.may_reply(viewer, opened.membership, opened.thread))
    return Place(opened.thread.space_id, may_write)


realtime.register_renderer("post", render_posts)
find_threads_with(find_place)
tell_missed_with(news.since)
