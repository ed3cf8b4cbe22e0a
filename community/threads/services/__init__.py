"""Writes of threads and posts. Every text goes through `sending.judge`, whatever the door."""

from community.threads.services.covering import cover_wording
from community.threads.services.deciding import (
    refuse_post,
    release_post,
    return_post,
    return_revision,
    show_revision,
)
from community.threads.services.following import follow_unapproved
from community.threads.services.looking_back import (
    count_posts_since,
    posts_since,
    writing_of_post,
)
from community.threads.services.marking import follow_inquiry, lift_mark, mark_off_label
from community.threads.services.moderating import (
    lock_thread,
    pin_thread,
    remove_post,
    remove_reported,
    restore_post,
)
from community.threads.services.own import forget_draft, note_read, place_of_edit, save_draft
from community.threads.services.pointing import (
    is_known_off_label,
    pointer_text,
    require_unpointed,
    send_correction,
    send_pointer,
)
from community.threads.services.reporting import answer_reports, report_post
from community.threads.services.sending import Blocked, Published, Unconfirmed
from community.threads.services.whole import LONGEST_POST, LONGEST_TITLE
from community.threads.services.withdrawing import withdraw_post
from community.threads.services.writing import edit_post, preview, publish_post, start_thread

__all__ = [
    "LONGEST_POST",
    "LONGEST_TITLE",
    "Blocked",
    "Published",
    "Unconfirmed",
    "answer_reports",
    "count_posts_since",
    "cover_wording",
    "edit_post",
    "follow_inquiry",
    "follow_unapproved",
    "forget_draft",
    "is_known_off_label",
    "lift_mark",
    "lock_thread",
    "mark_off_label",
    "note_read",
    "pin_thread",
    "place_of_edit",
    "pointer_text",
    "posts_since",
    "preview",
    "publish_post",
    "refuse_post",
    "release_post",
    "remove_post",
    "remove_reported",
    "report_post",
    "require_unpointed",
    "restore_post",
    "return_post",
    "return_revision",
    "save_draft",
    "send_correction",
    "send_pointer",
    "show_revision",
    "start_thread",
    "withdraw_post",
    "writing_of_post",
]
