"""What is written about spaces, places in them and pauses: other features call these."""

from community.spaces.services.charters import (
    LANGUAGE_CODES,
    Charter,
    Frame,
    archive_space,
    create_space,
    edit_charter,
    edit_space,
    reopen_space,
)
from community.spaces.services.pauses import (
    LONGEST_PAUSE,
    confirm_pause,
    decline_pause,
    lift_pause,
    propose_pause,
)
from community.spaces.services.places import (
    change_role,
    choose_letters,
    leave,
    remove_member,
    take_place,
)
from community.spaces.services.posting import pause_posting, resume_posting

__all__ = [
    "LANGUAGE_CODES",
    "LONGEST_PAUSE",
    "Charter",
    "Frame",
    "archive_space",
    "change_role",
    "choose_letters",
    "confirm_pause",
    "create_space",
    "decline_pause",
    "edit_charter",
    "edit_space",
    "leave",
    "lift_pause",
    "pause_posting",
    "propose_pause",
    "remove_member",
    "reopen_space",
    "resume_posting",
    "take_place",
]
