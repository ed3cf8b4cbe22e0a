"""Numbers each request, and says in one line how it was answered: by rule, never by address."""

from __future__ import annotations

import logging
import time
from typing import Any

from flask import Flask, request

from community.kernel import logs, metrics, tokens

log = logging.getLogger(__name__)

HEADER = "X-Request-ID"
ROUTE = "community.route"
QUIET = frozenset({"/healthz", "/readyz", "/metrics", "/static/<path:filename>"})


def init_app(app: Flask, *, behind_proxy: bool) -> None:
    """Number every request of a program.

    Args:
        app: the program.
        behind_proxy: whether the number that comes with a request is a proxy's, to be kept.
    """
    app.before_request(_note_route)
    app.wsgi_app = _Numbered(app, behind_proxy)  # type: ignore[method-assign]


def begin(environ: dict[str, Any], *, key: str, behind_proxy: bool) -> str:
    """Begin a request in the log, and forget the one before it on the same connection.

    Args:
        environ: with the address of the client in REMOTE_ADDR.
        key: by which the address is marked.
        behind_proxy: whether a number that comes with it is a proxy's, to be kept.
    """
    given = environ.get("HTTP_X_REQUEST_ID", "") if behind_proxy else ""
    client = tokens.mark(key=key, value=environ.get("REMOTE_ADDR", ""))
    return logs.begin_request(given, client=client)


def _note_route() -> None:
    rule = request.url_rule
    request.environ[ROUTE] = rule.rule if rule is not None else ""


class _Numbered:
    """The program, with a number for each request."""

    def __init__(self, app: Flask, behind_proxy: bool) -> None:  # noqa: FBT001
        self.program: Any = app.wsgi_app
        self.key = str(app.secret_key)
        self.behind_proxy = behind_proxy

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        number = begin(environ, key=self.key, behind_proxy=self.behind_proxy)
        begun = time.perf_counter()
        said: list[str] = []

        def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            said[:] = [status[:3]]
            return start_response(status, [*headers, (HEADER, number)], *more)

        try:
            return self.program(environ, start)
        finally:
            _tell(environ, said[0] if said else "500", time.perf_counter() - begun)


def _tell(environ: dict[str, Any], status: str, seconds: float) -> None:
    route = environ.get(ROUTE) or "none"
    method = environ.get("REQUEST_METHOD", "")
    method = method if method in {"GET", "HEAD", "POST", "OPTIONS"} else "other"
    metrics.REQUESTS.labels(method, route, status).inc()
    metrics.REQUEST_SECONDS.labels(route).observe(seconds)
    log.log(
        logging.DEBUG if route in QUIET and status < "400" else logging.INFO,
        "%s %s %s",
        method,
        route,
        status,
        extra={"facts": {"status": int(status), "ms": round(seconds * 1000, 1)}},
    )
