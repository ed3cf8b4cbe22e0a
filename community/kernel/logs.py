"""Logs: one JSON object a line, with the request's number, and nothing that people wrote.

What people write, where they are from and what they hold (tokens, passwords, addresses) must not
be found in a log. So of an exception only its kind and its places in the code are told, of
another library's message only its fixed words and numbers, and of an address only its rule.
"""

from __future__ import annotations

import json
import logging
import os
import re
import secrets
import sys
from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO

PACKAGE = str(Path(__file__).resolve().parents[1])
OWN_FRAMES, LAST_FRAMES = 8, 4  # of a traceback: where in our code, and where in the end
OWN = "community"

_number: ContextVar[str] = ContextVar("request_number", default="")
_whence: ContextVar[tuple[tuple[str, object], ...]] = ContextVar("whence", default=())
_FIT = re.compile(r"[A-Za-z0-9-]{8,64}")
_LONGEST_LINE = 2_000
_STRUCK = "…"
_SECRETS = (
    (re.compile(r"://[^/\s@]*@"), f"://{_STRUCK}@"),
    (re.compile(r"\?\S+"), f"?{_STRUCK}"),
    (re.compile(r"[^\s<>@\"']+@[^\s<>@\"']+"), _STRUCK),
    (re.compile(r"(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[\w-]{24,}"), _STRUCK),
)


def begin_request(given: str = "", *, client: str = "") -> str:
    """Give the work at hand a number, or the one that a proxy has given; return it.

    Args:
        given: by a proxy; "" where there is none.
        client: the mark of the address it comes from; "" where it comes from nobody.
    """
    number = given if _FIT.fullmatch(given) else secrets.token_hex(8)
    _number.set(number)
    _whence.set((("client", client),) if client else ())
    return number


def note_session(number: int) -> None:
    """Note whose the request at hand is."""
    _whence.set((*_whence.get(), ("session", number)))


def whence() -> dict[str, object]:
    """Return where the request at hand comes from: the mark of its client, and its session."""
    return dict(_whence.get())


def request_number() -> str:
    """Return the number of the request at hand, "" outside of one."""
    return _number.get()


def configure(*, as_json: bool, level: str = "info", stream: TextIO | None = None) -> None:
    """Send all logs of this process to one stream, standard error if none is named."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonLines() if as_json else PlainLines())
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    logging.getLogger(OWN).setLevel(level.upper())
    logging.captureWarnings(capture=True)


def configure_from(environ: Mapping[str, str]) -> None:
    """Set logs up as COMMUNITY_LOG, COMMUNITY_LOG_LEVEL and COMMUNITY_MODE say."""
    form = environ.get("COMMUNITY_LOG") or (
        "text" if environ.get("COMMUNITY_MODE") == "development" else "json"
    )
    configure(as_json=form == "json", level=environ.get("COMMUNITY_LOG_LEVEL", "info"))


class JsonLines(logging.Formatter):
    """Writes each record as one JSON object."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line of a record."""
        return json.dumps(facts_of(record), ensure_ascii=False, default=str)


class PlainLines(logging.Formatter):
    """Writes the same for a person at a terminal."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line of a record, and below it where it went wrong."""
        facts = facts_of(record)
        number = f" [{facts['request']}]" if "request" in facts else ""
        line = f"{facts['at'][11:23]} {facts['level']:7} {facts['message']}{number}"
        for fault in facts.get("faults", []):
            detail = f" ({fault['detail']})" if "detail" in fault else ""
            line += f"\n  {fault['kind']}{detail}"
            line += "".join(f"\n    {place}" for place in fault["places"])
        return line


def facts_of(record: logging.LogRecord) -> dict[str, Any]:
    """Return what is told of a record: when, how grave, by whom, what, in which request."""
    at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
    facts: dict[str, Any] = {
        "at": at.replace("+00:00", "Z"),
        "level": record.levelname.lower(),
        "logger": record.name,
        "message": _words_of(record),
        "process": os.getpid(),
    }
    if number := request_number():
        facts["request"] = number
    if record.levelno >= logging.WARNING:  # who only reads leaves no trail
        facts.update(whence())
    facts.update(getattr(record, "facts", {}))
    if record.exc_info and record.exc_info[1] is not None:
        facts["faults"] = list(_faults(record.exc_info[1]))
    return facts


def _words_of(record: logging.LogRecord) -> str:
    is_ours = record.name == OWN or record.name.startswith(f"{OWN}.")
    if not is_ours:
        record = logging.makeLogRecord({**record.__dict__, "args": _numbers_only(record.args)})
    try:
        words = record.getMessage()
    except (TypeError, ValueError):  # another library's template wanted what was struck
        words = str(record.msg)
    return scrub(words.partition("\n")[0])


def _numbers_only(args: Any) -> Any:
    if isinstance(args, Mapping):
        return {name: _number_only(value) for name, value in args.items()}
    return tuple(_number_only(value) for value in args or ())


def _number_only(value: object) -> object:
    return value if isinstance(value, int | float) else _STRUCK


def scrub(words: str) -> str:
    """Strike what looks like a mail address, a key, a query or the password of an address.

    A line is cut first: nobody reads a longer one, and a pattern may take its square in steps.
    """
    words = words[:_LONGEST_LINE]
    for pattern, instead in _SECRETS:
        words = pattern.sub(instead, words)
    return words


def _faults(error: BaseException | None) -> Iterator[dict[str, Any]]:
    """Yield an exception and what led to it: kinds and places, never its words."""
    for _ in range(5):
        if error is None:
            return
        fault: dict[str, Any] = {"kind": f"{type(error).__module__}.{type(error).__qualname__}"}
        if detail := _detail_of(error):
            fault["detail"] = detail
        yield {**fault, "places": _places(error.__traceback__)}
        hidden = error.__suppress_context__
        error = error.__cause__ or (None if hidden else error.__context__)


def _detail_of(error: BaseException) -> str:
    """Return what is known to hold no value that anybody sent."""
    if isinstance(error, OSError) and error.errno:
        return os.strerror(error.errno)
    for name in ("sqlstate", "sqlite_errorname"):
        if code := getattr(error, name, None):
            constraint = getattr(getattr(error, "diag", None), "constraint_name", None)
            return f"{code} {constraint}" if constraint else str(code)
    return ""


def _places(trace: TracebackType | None) -> list[str]:
    frames = []
    while trace is not None:
        frames.append((trace.tb_frame.f_code, trace.tb_lineno))
        trace = trace.tb_next
    own = [place for place, (code, _) in enumerate(frames) if code.co_filename.startswith(PACKAGE)]
    shown = {*own[-OWN_FRAMES:], *range(len(frames))[-LAST_FRAMES:]}
    return [
        f"{'/'.join(Path(frames[place][0].co_filename).parts[-3:])}:{frames[place][1]}"
        f" {frames[place][0].co_name}"
        for place in sorted(shown)
    ]
