"""Pages about members: the door, one's own, other people's, credentials."""

from community.members.views import credentials, door, mailed, own, people, security, words
from community.members.views.blueprint import blueprint

__all__ = ["blueprint", "credentials", "door", "mailed", "own", "people", "security", "words"]
