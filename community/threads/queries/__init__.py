"""Reads of threads and posts, each through the viewer's own membership."""

from community.threads.queries.lists import (
    THREADS_A_PAGE,
    ThreadRow,
    get_thread_row,
    latest_threads,
    pinned_threads,
    threads_page,
    unread_counts,
)
from community.threads.queries.opening import (
    Opened,
    Reading,
    find_thread_in,
    get_post,
    get_reading,
    get_thread,
)
from community.threads.queries.own import (
    find_draft,
    find_held_edit,
    find_own_opening,
    own_waiting_edits,
    own_waiting_posts,
    read_number,
)
from community.threads.queries.posts import (
    POSTS_A_PAGE,
    PostView,
    Stamp,
    context_around,
    post_views,
    posts_before,
    posts_page,
)
from community.threads.queries.reports import (
    find_own_report,
    find_report_by_key,
    find_report_in,
    own_reports_in,
    reports_behind,
    reports_in,
)
from community.threads.queries.runs import Page
from community.threads.queries.stopped import APPEAL_DAYS, Stopped, own_stopped
from community.threads.queries.texts import (
    find_by_client_key,
    find_number_in,
    replies_of_type,
    revisions,
    thread_texts,
)

__all__ = [
    "APPEAL_DAYS",
    "POSTS_A_PAGE",
    "THREADS_A_PAGE",
    "Opened",
    "Page",
    "PostView",
    "Reading",
    "Stamp",
    "Stopped",
    "ThreadRow",
    "context_around",
    "find_by_client_key",
    "find_draft",
    "find_held_edit",
    "find_number_in",
    "find_own_opening",
    "find_own_report",
    "find_report_by_key",
    "find_report_in",
    "find_thread_in",
    "get_post",
    "get_reading",
    "get_thread",
    "get_thread_row",
    "latest_threads",
    "own_reports_in",
    "own_stopped",
    "own_waiting_edits",
    "own_waiting_posts",
    "pinned_threads",
    "post_views",
    "posts_before",
    "posts_page",
    "read_number",
    "replies_of_type",
    "reports_behind",
    "reports_in",
    "revisions",
    "thread_texts",
    "threads_page",
    "unread_counts",
]
