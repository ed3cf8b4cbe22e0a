"""Whole pages, kept for who asks for the same again, with what each was drawn from.

While a page is drawn, it is noted what the database was asked and what it answered, and what was
read off the clock. The next time, the same questions are put again, those of the door and of access
first, and only if every answer is the same is the page sent again: it could not be drawn otherwise.
So no list of what a page depends on has to be kept right, and no deed has to take a page back.

What must be new each time (`fresh`: the nonce, the name of a form) is cut out of what is kept and
put in anew; what is to be done each time (`each_time`) is done. Whatever is not known to hold is
drawn: an address with a query, an answer with a cookie, a page that asked what time it is, or one
that wrote.
"""

from __future__ import annotations

import functools
import hashlib
import re
import secrets
from collections.abc import Callable, Iterable
from contextlib import closing
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, TypeVar, cast

from flask import Flask, current_app, request

from community.kernel import clock, questions
from community.kernel.kept import Kept
from community.kernel.request_log import ROUTE

View = TypeVar("View", bound=Callable[..., Any])

KEPT_BYTES = 4_000_000  # of bodies and rows: about seventy pages; their pieces are as much again
LONGEST = timedelta(minutes=1)  # so that the age of a cookie is judged often enough
OK = "200 OK"

# What a browser sends besides and no page depends on. All other headers are part of the key.
_INDIFFERENT = frozenset(
    f"HTTP_{name}"
    for name in (
        "CACHE_CONTROL",
        "CF_RAY",
        "CONNECTION",
        "IF_MODIFIED_SINCE",
        "IF_NONE_MATCH",
        "PRAGMA",
        "PRIORITY",
        "REFERER",
        "SEC_FETCH_DEST",
        "SEC_FETCH_MODE",
        "SEC_FETCH_SITE",
        "SEC_FETCH_USER",
        "TRACEPARENT",
        "TRACESTATE",
        "UPGRADE_INSECURE_REQUESTS",
        "X_AMZN_TRACE_ID",
        "X_CLOUD_TRACE_CONTEXT",
        "X_FORWARDED_FOR",
        "X_REAL_IP",
        "X_REQUEST_ID",
    )
)
_SENT = frozenset({"CONTENT_LENGTH", "CONTENT_TYPE"})  # a GET may bring a body


@dataclass
class _Drawing:
    """What is noted while an answer is made."""

    asked: questions.Questions
    status: str = ""
    headers: list[tuple[str, str]] = field(default_factory=list)
    fresh: dict[str, Callable[[], str]] = field(default_factory=dict)
    deeds: list[Callable[[], None]] = field(default_factory=list)

    @property
    def may_be_kept(self) -> bool:
        """Whether it is a page that is kept, wrote nothing, and gives the browser nothing new."""
        tells = any(name.lower() == "set-cookie" for name, _ in self.headers)
        is_read = self.asked.listens and self.asked.only_reads
        return is_read and self.status == OK and not tells

    def page(self, body: bytes, route: str, reading: clock.Reading) -> _Page:
        """Return the answer as it is kept."""
        return _Page(
            body=body,
            headers=tuple(self.headers),
            makers=self.fresh,
            deeds=tuple(self.deeds),
            route=route,
            reading=reading,
            asked=self.asked,
        )


_drawing: ContextVar[_Drawing | None] = ContextVar("drawing", default=None)


def kept(view: View) -> View:
    """Keep the pages of a view. All that they show comes from the request, database and clock."""
    view.is_kept = True  # type: ignore[attr-defined]
    return view


def _listen() -> None:
    at_hand, view = _drawing.get(), current_app.view_functions.get(request.endpoint or "")
    if at_hand is not None and getattr(view, "is_kept", False):
        at_hand.asked.listens = True


def fresh(make: Callable[[], str]) -> str:
    """Return a new value of chance, and see to it that no two answers bear the same.

    Args:
        make: gives one that nobody can guess, of always the same length, as it stands in a page.
    """
    value = make()
    at_hand = _drawing.get()
    if at_hand is not None:
        at_hand.fresh[value] = make
    return value


def each_time(deed: Callable[[], None]) -> None:
    """Do something now, and whenever the page at hand is sent again."""
    with clock.reading():  # what a deed reads off the clock is not what the page shows
        deed()
    at_hand = _drawing.get()
    if at_hand is not None:
        at_hand.deeds.append(deed)


@dataclass(frozen=True)
class _Page:
    """An answer as it was sent."""

    body: bytes
    headers: tuple[tuple[str, str], ...]
    makers: dict[str, Callable[[], str]]
    deeds: tuple[Callable[[], None], ...]
    route: str
    reading: clock.Reading
    asked: questions.Questions

    def __len__(self) -> int:
        return len(self.body) + self.asked.weight

    # Most pages are never asked for again, so they are cut up only once they are.
    @functools.cached_property
    def _cut(self) -> tuple[list[str], list[tuple[str, list[str]]]]:
        """Body and headers in pieces: every second one is a fresh value, to be replaced."""
        fresh = re.compile(f"({'|'.join(map(re.escape, self.makers)) or '(?!)'})")
        headers = [(name, fresh.split(value)) for name, value in self.headers]
        return fresh.split(self.body.decode()), headers

    def send(self, start_response: Any) -> Iterable[bytes]:
        """Answer with it once more."""
        for deed in self.deeds:
            deed()
        values = {old: make() for old, make in self.makers.items()}
        body, headers = self._cut
        start_response(OK, [(name, _filled(cut, values)) for name, cut in headers])
        return [_filled(body, values).encode()]


def _filled(cut: list[str], values: dict[str, str]) -> str:
    filled = cut.copy()
    filled[1::2] = [values[old] for old in cut[1::2]]
    return "".join(filled)


class _Pages:
    """The program, behind the pages that it drew."""

    def __init__(self, app: Flask, witness: questions.Witness) -> None:
        self.program = app.wsgi_app
        self.witness = witness
        self.pages: Kept[_Page] = Kept(KEPT_BYTES)
        self.salt = secrets.token_bytes(32)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] != "GET" or environ.get("QUERY_STRING"):
            return self.program(environ, start_response)
        key = self._key(environ)
        page = self.pages.find(key)
        if page is not None and page.reading.holds() and self.witness.agrees(page.asked):
            environ[ROUTE] = page.route
            return page.send(start_response)
        return self._draw(key, environ, start_response)

    def _key(self, environ: dict[str, Any]) -> bytes:
        """Name all of a request; what its cookies say is not left lying about in memory."""
        headers = sorted(
            (name, value)
            for name, value in environ.items()
            if (name.startswith("HTTP_") and name not in _INDIFFERENT) or name in _SENT
        )
        place = [environ.get(name) for name in ("wsgi.url_scheme", "SCRIPT_NAME", "PATH_INFO")]
        return hashlib.blake2b(repr((place, headers)).encode(), key=self.salt).digest()

    def _draw(self, key: bytes, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        drawing = _Drawing(questions.Questions(listens=False))

        def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            drawing.status, drawing.headers = status, headers
            return start_response(status, headers, *more)

        before = _drawing.set(drawing)
        try:
            with clock.reading() as reading, questions.noting(drawing.asked):
                answer = self.program(environ, start)
        finally:
            _drawing.reset(before)
        reading.ends(reading.since + LONGEST)
        if not (drawing.may_be_kept and reading.holds()):
            return answer
        with closing(cast(Any, answer)):
            body = b"".join(answer)
        self.pages.keep(key, drawing.page(body, environ[ROUTE], reading))
        return [body]


def init_app(app: Flask, witness: questions.Witness) -> None:
    """Let a program send its pages again where the witness says that they would be the same."""
    app.before_request(_listen)
    app.extensions["kept_pages"] = pages = _Pages(app, witness)
    app.wsgi_app = pages  # type: ignore[method-assign]


def forget(app: Flask) -> None:
    """Forget all pages: the next one is drawn anew."""
    app.extensions["kept_pages"].pages.forget()
