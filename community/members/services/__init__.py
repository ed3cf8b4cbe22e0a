"""What is written about members: other features call these, whatever file they stand in."""

from community.members.services.addresses import find_by_email, normalise_email
from community.members.services.administration import close_member, reopen_member, set_duties
from community.members.services.credentials import (
    RECHECK_AFTER,
    check_credential,
    refuse_credential,
    submit_credential,
)
from community.members.services.joining import (
    create_from_invitation,
    create_imported,
    create_member,
)
from community.members.services.links import (
    ask_for_link,
    find_usable,
    issue_link,
    issue_sign_in_link,
)
from community.members.services.passwords import hash_password, require_good
from community.members.services.photos import remove_photo, set_photo
from community.members.services.profiles import Profile, change_profile
from community.members.services.security import (
    ask_for_new_email,
    change_password,
    confirm_new_email,
    end_other_sessions,
    end_session,
    reset_password,
    set_password,
)
from community.members.services.seen import note_seen, write_seen
from community.members.services.signing_in import (
    NotRecognised,
    check_password,
    confirm_password,
    spend_sign_in_link,
)

__all__ = [
    "RECHECK_AFTER",
    "NotRecognised",
    "Profile",
    "ask_for_link",
    "ask_for_new_email",
    "change_password",
    "change_profile",
    "check_credential",
    "check_password",
    "close_member",
    "confirm_new_email",
    "confirm_password",
    "create_from_invitation",
    "create_imported",
    "create_member",
    "end_other_sessions",
    "end_session",
    "find_by_email",
    "find_usable",
    "hash_password",
    "issue_link",
    "issue_sign_in_link",
    "normalise_email",
    "note_seen",
    "refuse_credential",
    "remove_photo",
    "reopen_member",
    "require_good",
    "reset_password",
    "set_duties",
    "set_password",
    "set_photo",
    "spend_sign_in_link",
    "submit_credential",
    "write_seen",
]
