"""The page of the search."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from community.kernel import limits
from community.members.session import current_member
from community.search import forms, queries
from community.spaces import queries as spaces

blueprint = Blueprint("search", __name__)
SEARCHES = "60 per minute"


@blueprint.get("/search")
def search() -> ResponseReturnValue:
    """Show what fits of all that the viewer may read, the best first."""
    viewer = current_member()
    places = [place.space for place in spaces.viewer_memberships(viewer=viewer)]
    asked = forms.asked(request.args, places)
    wanted = asked.wanted(viewer, places)
    if wanted.is_enough:
        limits.spend(SEARCHES, "search", viewer.id)
    here = wanted.spaces
    return render_template(
        "search/search.html",
        asked=asked,
        is_enough=wanted.is_enough,
        results=queries.search(viewer=viewer, wanted=wanted),
        spaces=places,
        places=[(space.slug, space.name) for space in places],
        topics=[(each, each) for each in _names(asked.topic, *(s.topics for s in here))],
        products=[
            (each, each.capitalize()) for each in _names(asked.product, *(s.products for s in here))
        ],
    )


def _names(chosen: str, *offered: Sequence[str]) -> list[str]:
    return sorted({name for name in (chosen, *chain(*offered)) if name}, key=str.casefold)
