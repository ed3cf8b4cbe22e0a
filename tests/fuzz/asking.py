"""What is asked: any address by anybody, with what belongs there and with nonsense."""

from __future__ import annotations

import io
import json
import re
import uuid
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from flask import Flask
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict
from werkzeug.routing import Rule
from werkzeug.test import EnvironBuilder

from tests.fuzz.forms import Fields, rules_of
from tests.fuzz.scene import Scene

NONSENSE = (
    "", " ", "0", "-1", "1.5", "x", "²", "9" * 19, "9" * 400, "true", "null", "[]", "{}", "\0",
    "a\0b", "\x1b[31m", "\u202eback", "\u200b", "e" + "\u0301" * 300, "👩🏽‍⚕️", "\ufffd\uffff",
    "'; drop table posts; --", "<script>alert(1)</script>", "{{ 7 * 7 }}", "%(a)s %s {0}", "%00",
    "../../etc/passwd", "//elsewhere.example", "https://elsewhere.example/", "javascript:alert(1)",
    "2026-02-30", "2026-13-45T99:99", "0000-00-00", "9999-12-31", "+44" * 20, "a@b", "@", "a" * 300,
    "x" * 20_001, "\n" * 5_000, "\r\nSet-Cookie: a=b", "١٢", "en-US-x-" + "a" * 60, "CARDIOLOGY",
)  # fmt: skip
QUERIES = (
    "action", "actor", "affiliation", "after", "as", "before", "days", "from", "language", "next",
    "place", "post", "q", "quote", "set", "show", "silent", "since", "space", "state", "subject",
    "take", "thread", "until", "words", "code", "error", "EIO", "transport", "sid",
)  # fmt: skip
HEADERS: dict[str, tuple[str, ...]] = {
    "Accept": ("application/json", "text/html", "*/*;q=x", "image/png"),
    "Accept-Language": ("de", "xx", "en;q=9, ,;;", "a-" * 200),
    "If-None-Match": ("*", '"x"', "W/"),
    "If-Modified-Since": ("yesterday", "Thu, 01 Jan 1970 00:00:00 GMT"),
    "Range": ("bytes=0-0", "bytes=9-1", "apples=1"),
    "Host": ("elsewhere.example", "localhost:99999", "[::1", "a b", "127.0.0.1:x"),
    "Origin": ("null", "https://elsewhere.example", "http://[::1"),
    "Referer": ("", "https://elsewhere.example/a", "http://[::1", "http://localhost:x/"),
    "X-Forwarded-For": ("", "1.1.1.1, x", "' or 1=1"),
    "X-Forwarded-Host": ("elsewhere.example",),
    "X-HTTP-Method-Override": ("DELETE",),
    "X-Request-Id": ("x" * 500, "a b\tc"),
    "User-Agent": ("", "x" * 3_000, "\u00ff"),
    "Authorization": ("Basic !!!!", "Bearer x"),
    "Content-Encoding": ("gzip", "x"),
}
METHODS = ("HEAD", "OPTIONS", "PUT", "DELETE", "PATCH")
KINDS = (
    "text/plain", "application/xml", "multipart/form-data", "multipart/form-data; boundary=",
    "application/json; charset=utf-99", "application/x-www-form-urlencoded", "/", "",
)  # fmt: skip
COOKIES = (
    "roundtable=", "roundtable=x.y.z", "roundtable=" + "a" * 4_000, "session=1", "=", ";;=;",
    "roundtable=eyJfdXNlcl9pZCI6IjEifQ.aaaaaa.bbbb",
)  # fmt: skip


OTHERS = [
    Rule(path, endpoint=path) for path in
    ("/socket.io/", "/static/<path:filename>", "/no/such/page", "/dev/<name>")
]  # fmt: skip
_PLACE = re.compile(r"<(?:[^<>]*:)?(\w+)>")


@dataclass(frozen=True)
class Asked:
    """One request; `token` False leaves the forgery token out."""

    endpoint: str
    method: str
    path: str
    token: bool
    cookie: str
    headers: dict[str, str]
    body: dict[str, Any] = field(default_factory=dict)  # in the words of Werkzeug's test client

    def __str__(self) -> str:
        """Say it in a line."""
        return f"{self.method} {self.path[:200]} {self.headers} {self.body!s:.300}"


values = st.one_of(st.sampled_from(NONSENSE), st.text(max_size=40))
# Half a character can't be typed, but a program may send it in JSON.
odd_json = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), values, st.just("half \ud800")),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=9), inner, max_size=3)
    ),
    max_leaves=6,
)


Door = tuple[Rule, str]


def doors(app: Flask) -> list[Door]:
    """Return every address with each method that it knows, and some that are no page."""
    return [(rule, m) for m in ("GET", "POST") for rule in [*rules_of(app, m), *OTHERS]]


# Of every choice the first is the ordinary one: what Hypothesis tries first, a page would send.
@st.composite
def request(draw: Any, scene: Scene, fields: dict[str, Fields], door: Door) -> Asked:
    """Give requests for one address."""
    rule, method = door
    endpoint = str(rule.endpoint)
    headers = draw(st.lists(st.sampled_from(sorted(HEADERS)), max_size=2, unique=True))
    return Asked(
        endpoint=endpoint,
        method=draw(st.sampled_from(METHODS)) if _seldom(draw) else method,
        path=_path(draw, scene, rule) + _query(draw),
        token=not _seldom(draw),
        cookie=draw(st.sampled_from(COOKIES)) if _seldom(draw) else "",
        headers={name: draw(st.sampled_from(HEADERS[name])) for name in headers},
        body=_body(draw, fields.get(endpoint, {})) if method == "POST" else {},
    )


def _seldom(draw: Any, once_in: int = 20) -> bool:
    return bool(draw(st.integers(0, once_in - 1)) == once_in - 1)


def _path(draw: Any, scene: Scene, rule: Rule) -> str:
    """Return an address, mostly of something that is there."""

    def place(found: re.Match[str]) -> str:
        there = scene.places.get(found[1], ["nothing"])
        known = st.one_of(st.just(there[0]), st.sampled_from(there))
        given = draw(values) if _seldom(draw) else draw(known)
        return quote(str(given)[:2_000], safe="")

    return _PLACE.sub(place, rule.rule)


def _query(draw: Any) -> str:
    names = draw(st.lists(st.sampled_from(QUERIES), max_size=2))
    return "?" * bool(names) + "&".join(f"{n}={quote(draw(values)[:3_000])}" for n in names)


def _body(draw: Any, fields: Fields) -> dict[str, Any]:
    """Return what is sent."""
    shape = draw(st.sampled_from(["form"] * 6 + ["json"] * 3 + ["file", "raw", "none"]))
    if shape == "none":
        return {}
    if shape == "raw":
        raw = draw(st.one_of(st.binary(max_size=60), st.just(b'{"text": '), st.just(b"[" * 5_000)))
        return {"data": raw, "content_type": draw(st.sampled_from(KINDS))}
    names = sorted({*fields, "text", "client_key", "number", "reply_to"})
    wanted = draw(st.sets(st.sampled_from(names))) if _seldom(draw, 4) else names
    if shape == "json":
        said = {name: _json(draw, fields, name) for name in sorted(wanted)}
        return {"data": json.dumps(said), "content_type": "application/json"}
    form: MultiDict[str, Any] = MultiDict()
    for name in sorted(wanted):
        for _ in range(draw(st.sampled_from([1, 1, 1, 1, 2, 0]))):
            form.add(name, _value(draw, fields, name))
    if shape == "file":
        name = draw(st.sampled_from([*names, "photo", "file"]))
        form.setlist(name, [(draw(st.binary(max_size=200)), draw(values)[:200])])
    return {"data": form}


def _value(draw: Any, fields: Fields, name: str) -> str:
    """Return what may stand in a field: mostly what a page had there, or a plain word."""
    if name.endswith("client_key") and not _seldom(draw, 5):
        return str(uuid.UUID(int=draw(st.integers(0, 2**128 - 1))))
    told = sorted(value for value in fields.get(name, set()) if value)
    if _seldom(draw, 4):
        return str(draw(values))
    return str(draw(st.sampled_from(told))) if told else "A plain word."


def _json(draw: Any, fields: Fields, name: str) -> Any:
    return draw(odd_json) if draw(st.booleans()) else _value(draw, fields, name)


def build(asked: Asked, cookie: str, token: str) -> EnvironBuilder:
    """Return the request as the server gets it."""
    headers = {"Cookie": asked.cookie or cookie, **asked.headers}
    if asked.token:
        headers["X-CSRFToken"] = token
    path, _, query = asked.path.partition("?")
    return EnvironBuilder(
        path=path,
        query_string=query,
        method=asked.method,
        headers=list(headers.items()),
        **asked.body | {"data": _unread(asked.body.get("data"))},
    )


def _unread(data: Any) -> Any:
    """Return what is sent with files that nobody has read yet."""
    if not isinstance(data, MultiDict):
        return data
    return MultiDict(
        (name, (io.BytesIO(value[0]), value[1]) if isinstance(value, tuple) else value)
        for name, value in data.items(multi=True)
    )
