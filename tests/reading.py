"""What a page shows that was loaded just now."""

from __future__ import annotations

from flask import Flask

from community.threads import fragments, queries
from community.threads.models import Thread


def fresh(app: Flask, thread: Thread) -> dict[int, tuple[int, str]]:
    """Return all posts of a thread as a fresh page shows them."""
    shown: dict[int, tuple[int, str]] = {}
    number: int | None = None
    while True:
        page = queries.posts_page(thread=thread, from_number=number)
        with app.test_request_context():
            htmls = [str(html) for html in fragments.posts_html(page.rows)]
        for view, html in zip(page.rows, htmls, strict=True):
            shown[view.id] = (view.version, html)
        if not page.has_after:
            return shown
        number = page.rows[-1].number + 1
