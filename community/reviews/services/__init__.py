"""What is done with cases; how their steps are ticked off is in `steps`."""

from community.reviews.services.closing import NOTHING_WAITS, close, take_up_again, withdraw
from community.reviews.services.opening import (
    add_finding,
    follow_up,
    hand_on,
    note_opened,
    note_taken,
    open_review,
    write_to_owners,
)

__all__ = [
    "NOTHING_WAITS",
    "add_finding",
    "close",
    "follow_up",
    "hand_on",
    "note_opened",
    "note_taken",
    "open_review",
    "take_up_again",
    "withdraw",
    "write_to_owners",
]
