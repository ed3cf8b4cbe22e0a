"""The blueprint to which all pages about members belong, and a mark for some of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Blueprint

blueprint = Blueprint("members", __name__)

View = TypeVar("View", bound=Callable[..., Any])


def for_second_factor(view: View) -> View:
    """Let in a member who has to set a second factor up before anything else is open."""
    view.is_for_second_factor = True  # type: ignore[attr-defined]
    return view
