"""How pages say the codes of spaces in words."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from markupsafe import Markup

from community.kernel import markup
from community.members.models import Member
from community.members.session import current_member
from community.spaces import forms, queries
from community.spaces.models import Membership, Role
from community.spaces.views.blueprint import blueprint


@blueprint.app_template_filter()
def role_name(role: Role | str) -> str:
    """Return a role in the reader's language."""
    return forms.role_name(role.value if isinstance(role, Role) else role)


@blueprint.app_template_global()
def places_of(member: Member) -> Sequence[Membership]:
    """Return a member's places in spaces, for who looks after them."""
    return queries.places_of(viewer=current_member(), member=member)


@blueprint.app_template_filter()
def charter_text(text: str) -> Markup:
    """Return a part of a charter as HTML; it is written in the Markdown of posts."""
    return Markup(_render(text))  # noqa: S704 - cleaned by the one module that does


@lru_cache(maxsize=256)
def _render(text: str) -> str:
    return markup.render(text)
