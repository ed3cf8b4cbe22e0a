"""The pages of threads: reading, writing, moderating."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("threads", __name__)

from community.threads.views import moderating, reading, writing  # noqa: E402

__all__ = ["blueprint", "moderating", "reading", "writing"]
