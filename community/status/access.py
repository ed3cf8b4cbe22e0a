"""Who may see how the installation is."""

from __future__ import annotations

from hmac import compare_digest
from ipaddress import ip_address

from community.kernel.access import UNSEEN, YES, Decision
from community.members.models import Duty, Member


def may_see_status(viewer: Member) -> Decision:
    """Administrators may."""
    return YES if viewer.holds(Duty.ADMINISTRATOR) else UNSEEN


def may_read_figures(*, address: str, forwarded: bool, given: str, token: str) -> Decision:
    """Who brings the token may, and whoever asks on this machine without a proxy between.

    Args:
        address: that the request came from.
        forwarded: whether a proxy says that it asks for somebody else.
        given: the Authorization header.
        token: of the settings, "" where none is set.
    """
    if token and compare_digest(given.encode(), f"Bearer {token}".encode()):
        return YES
    return YES if not forwarded and _is_loopback(address) else UNSEEN


def _is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return not address  # a socket file: whoever may open it is on this machine
