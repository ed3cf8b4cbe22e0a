"""The pages of what came afterwards: second readings, notes, proposals and figures."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("insights", __name__)

from community.insights.views import figures, notes, proposals, rates, readings, words  # noqa: E402

__all__ = ["blueprint", "figures", "notes", "proposals", "rates", "readings", "words"]
