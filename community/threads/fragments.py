"""A post as HTML: rendered once for all who look, the same in the page and in the push."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache, partial
from typing import Any

from flask import current_app
from flask_babel import force_locale
from jinja2 import Template
from markupsafe import Markup, escape

from community.guardrails import queries as guardrails
from community.kernel import locale, settings
from community.kernel.kept import Kept
from community.threads import queries
from community.threads.queries import PostView, Stamp

KEPT_CHARACTERS = 8_000_000  # a few thousand posts

_REFERENCE = re.compile(r"\b[A-Z]{2,6}-\d{1,4}\b")
_TELLING = 30  # characters that show that a citation stands in the post already

_kept: Kept[Markup] = Kept(KEPT_CHARACTERS)


def post_html(view: PostView) -> Markup:
    """Return a post's fragment in the language of the page at hand."""
    language, host = locale.current(), settings.current().host_name
    return _kept.get((view.stamp, language, host), partial(_draw, view, host))


def posts_html(stamps: Sequence[Stamp]) -> Sequence[Markup]:
    """Return the fragments of a page of posts. Who may read them has been asked by then."""
    language, host = locale.current(), settings.current().host_name
    found = {stamp.id: _kept.find((stamp, language, host)) for stamp in stamps}
    if missing := [key for key, drawn in found.items() if drawn is None]:
        found |= {view.id: post_html(view) for view in queries.post_views(missing)}
    return [found[stamp.id] or Markup() for stamp in stamps]


def _draw(view: PostView, host: str) -> Markup:
    template = current_app.jinja_env.get_template("threads/_post.html")
    drawn: Markup = _words(template, locale.current(), host).fragment(view, _cited(view.html))
    return drawn.strip()


def _cited(html: str) -> Sequence[tuple[str, str]]:
    """Return what a post cites by its id alone, such as ORT-01, with the citation in full."""
    named = dict.fromkeys(_REFERENCE.findall(html))
    known = guardrails.citations_now() if named else {}
    return [
        (key, known[key])
        for key in named
        if key in known and str(escape(known[key][:_TELLING])) not in html
    ]


@lru_cache(maxsize=16)
def _words(template: Template, _language: str, host: str) -> Any:
    """Return the template with all that posts say alike, in the language of the page at hand."""
    # Without what other pages are told of who looks, so that nothing of that can come in.
    return template.make_module({"host_name": host})


def render_posts(ids: list[int], language: str) -> dict[int, str]:
    """Return the fragments of committed posts by id, in a language, for the push."""
    with current_app.test_request_context(), force_locale(language):
        return {view.id: str(post_html(view)) for view in queries.post_views(ids)}


def forget() -> None:
    """Forget all fragments: the next page draws its own."""
    _kept.forget()
