"""What somebody finds, in the words that tests compare."""

from __future__ import annotations

from community.search import queries
from community.search.forms import asked
from community.spaces import queries as spaces
from tests.stage import Stage


def search(stage: Stage, who: str, q: str = "", **more: str) -> queries.Results:
    """Search as a member of the cast; `by` is the name of an author."""
    viewer = stage.member(who)
    places = [place.space for place in spaces.viewer_memberships(viewer=viewer)]
    if "by" in more:
        more["from"] = more.pop("by")
    wanted = asked({"q": q, **more}, places).wanted(viewer, places)
    return queries.search(viewer=viewer, wanted=wanted)


def found(stage: Stage, who: str, q: str = "", **more: str) -> list[int]:
    """Return the ids of the posts that a member of the cast finds, in their order."""
    return [row.post_id for row in search(stage, who, q, **more).rows]
