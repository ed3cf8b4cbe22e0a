"""The settings of the installation at hand, for rooms that know no request."""

from __future__ import annotations

from flask import current_app

from community.config import Settings


def current() -> Settings:
    """Return the settings with which this program was started."""
    found = current_app.config["SETTINGS"]
    assert isinstance(found, Settings)
    return found
