"""What is written about members: other features call these, whatever file they stand in."""

from community.members.services.addresses import find_by_email, normalise_email
from community.members.services.administration import close_member, reopen_member, set_duties
from community.members.services.authenticators import (
    Offer,
    offer,
    offer_again,
    remove_authenticator,
    set_up_authenticator,
)
from community.members.services.company import sign_in_by_company, vouches_for_second_factor
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
from community.members.services.passkeys import (
    ask_to_register,
    ask_to_show,
    name_passkey,
    register_passkey,
    remove_passkey,
    show_passkey,
)
from community.members.services.passwords import hash_password, require_good
from community.members.services.photos import remove_photo, set_photo
from community.members.services.profiles import (
    Profile,
    change_profile,
    changes_weighty_name,
    set_job,
)
from community.members.services.recovery_codes import make_recovery_codes
from community.members.services.second_factors import (
    SecondFactors,
    reset_second_factor,
)
from community.members.services.second_factors import of as second_factors_of
from community.members.services.security import (
    ask_for_new_email,
    change_password,
    confirm_new_email,
    end_other_sessions,
    end_session,
    reset_password,
    set_password,
    sign_out_everywhere,
)
from community.members.services.seen import note_seen, write_seen
from community.members.services.sessions import end_worn_out_sessions
from community.members.services.showing import show_code
from community.members.services.signing_in import (
    NotRecognised,
    check_password,
    confirm_password,
    spend_sign_in_link,
)

__all__ = [
    "RECHECK_AFTER",
    "NotRecognised",
    "Offer",
    "Profile",
    "SecondFactors",
    "ask_for_link",
    "ask_for_new_email",
    "ask_to_register",
    "ask_to_show",
    "change_password",
    "change_profile",
    "changes_weighty_name",
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
    "end_worn_out_sessions",
    "find_by_email",
    "find_usable",
    "hash_password",
    "issue_link",
    "issue_sign_in_link",
    "make_recovery_codes",
    "name_passkey",
    "normalise_email",
    "note_seen",
    "offer",
    "offer_again",
    "refuse_credential",
    "register_passkey",
    "remove_authenticator",
    "remove_passkey",
    "remove_photo",
    "reopen_member",
    "require_good",
    "reset_password",
    "reset_second_factor",
    "second_factors_of",
    "set_duties",
    "set_job",
    "set_password",
    "set_photo",
    "set_up_authenticator",
    "show_code",
    "show_passkey",
    "sign_in_by_company",
    "sign_out_everywhere",
    "spend_sign_in_link",
    "submit_credential",
    "vouches_for_second_factor",
    "write_seen",
]
