"""Pages about spaces: charter, members, pauses. The threads' page of a space is the threads'."""

from community.spaces.views import charters, pauses, people, posting, words
from community.spaces.views.blueprint import blueprint

__all__ = ["blueprint", "charters", "pauses", "people", "posting", "words"]
