"""A post as HTML: rendered once for all who look, the same in the page and in the push."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from flask import current_app, render_template
from flask_babel import force_locale
from markupsafe import Markup

from community.kernel import locale
from community.threads import queries
from community.threads.queries import PostView

KEPT = 4096


def post_html(view: PostView) -> Markup:
    """Return a post's fragment in the language of the page at hand."""
    return _cached(view, locale.current(), current_app.config["SETTINGS"].host_name)


@lru_cache(maxsize=KEPT)
def _cached(view: PostView, _language: str, _host: str) -> Markup:
    return Markup(render_template("threads/_post.html", post=view).strip())  # noqa: S704 - our own


def posts_html(views: Iterable[PostView]) -> Sequence[Markup]:
    """Return the fragments of a page of posts."""
    return [post_html(view) for view in views]


def render_posts(ids: list[int], language: str) -> dict[int, str]:
    """Return the fragments of committed posts by id, in a language, for the push."""
    with current_app.test_request_context(), force_locale(language):
        return {view.id: str(post_html(view)) for view in queries.post_views(ids)}


def forget() -> None:
    """Forget all fragments: the next page draws its own."""
    _cached.cache_clear()
