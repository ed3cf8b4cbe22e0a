"""Pages over many features: the first page, and the record for compliance."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("home", __name__)

from community.home.views import pages, proof  # noqa: E402

__all__ = ["blueprint", "pages", "proof"]
