"""Pages about invitations: of the invited, and of those who invite."""

from community.invitations.views import answering, issuing, several
from community.invitations.views.blueprint import blueprint

__all__ = ["answering", "blueprint", "issuing", "several"]
