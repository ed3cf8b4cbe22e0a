"""What all these pages hold alike."""

from __future__ import annotations

from flask import render_template

from community.insights import queries
from community.insights.views.words import tabs_for
from community.members.session import current_member


def page(template: str, here: str, **values: object) -> str:
    """Render a page with the ways to its neighbours."""
    viewer = current_member()
    tabs = tabs_for(viewer, here, queries.count_waiting(viewer=viewer))
    return render_template(template, ways=tabs, **values)
