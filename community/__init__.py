"""Roundtable: closed spaces where Medical Affairs hosts healthcare professionals it knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from community.config import Settings


def create_app(settings: Settings | None = None) -> Flask:
    """Put the program together; see `community.application`.

    It is loaded only here: many commands need none of it, and should answer at once.
    """
    from community import application  # noqa: PLC0415

    return application.create_app(settings)
