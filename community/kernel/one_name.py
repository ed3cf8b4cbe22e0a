"""While developing, one name for this machine: a cookie of `localhost` is not one of 127.0.0.1.

Browsers keep them apart, so whoever opens the other name would be signed in at one and a stranger
at the other, and sockets would be refused there.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, redirect, request
from werkzeug.wrappers import Response

from community.kernel import settings

THIS_MACHINE = frozenset({"localhost", "127.0.0.1", "::1"})


def init_app(app: Flask) -> None:
    """Lead whoever opens a page by another name of this machine to the one that links have."""
    if app.config["SETTINGS"].is_development:
        app.before_request(_lead_to_one_name)


def _lead_to_one_name() -> Response | None:
    base, asked = urlsplit(settings.current().base_url), urlsplit(request.host_url)
    if request.method != "GET" or "text/html" not in request.headers.get("Accept", ""):
        return None
    if base.port != asked.port or base.hostname == asked.hostname:
        return None
    if not {base.hostname, asked.hostname} <= THIS_MACHINE:
        return None
    place = request.full_path if request.query_string else request.path
    return redirect(f"{base.scheme}://{base.netloc}{place}", 307)
