"""One line a feature: where its pages are, and what else of it must be loaded."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module

from flask import Blueprint, Flask


@dataclass(frozen=True)
class Feature:
    """A feature by its package name, the prefix of its pages, and its other rooms to load."""

    name: str
    url_prefix: str | None = None
    rooms: tuple[str, ...] = ()
    has_pages: bool = True


FEATURES = (
    Feature("audit", has_pages=False),
    Feature("members", rooms=("jobs",)),
    Feature("use_policies", "/use-policies"),
    Feature("spaces", rooms=("realtime", "jobs")),
    Feature("invitations", rooms=("jobs",)),
    Feature("guardrails", "/guardrails", rooms=("jobs",)),
    Feature("reviews", rooms=("jobs",), has_pages=False),
    Feature("responses", has_pages=False),
    Feature("inquiries", "/inquiries", rooms=("jobs",)),
    Feature("threads", rooms=("realtime", "jobs")),
    Feature("replays", "/guardrails", rooms=("jobs",)),
    Feature("desk", "/reviews"),
    Feature("library", "/library", rooms=("jobs",)),
    Feature("notifications", rooms=("jobs",)),
    Feature("search"),
    Feature("insights", "/insights", rooms=("jobs",)),
    Feature("status"),
    Feature("home"),
    Feature("demo", rooms=("alive",), has_pages=False),
)


def init_app(app: Flask) -> None:
    """Register every feature's pages and load the rooms that register themselves."""
    for feature in FEATURES:
        for room in feature.rooms:
            import_module(f"community.{feature.name}.{room}")
        if feature.has_pages:
            views = import_module(f"community.{feature.name}.views")
            blueprint = views.blueprint
            assert isinstance(blueprint, Blueprint)
            app.register_blueprint(blueprint, url_prefix=feature.url_prefix)
