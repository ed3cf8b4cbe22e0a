"""What every request goes through: size, forgery and header rules, one transaction, errors."""

from __future__ import annotations

import functools
import hashlib
import logging
import re
import secrets
from collections.abc import Callable
from typing import Any, TypeVar

from flask import (
    Flask,
    Response,
    current_app,
    g,
    jsonify,
    make_response,
    render_template,
    request,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_wtf.csrf import CSRFError, CSRFProtect
from itsdangerous import Serializer, Signer
from jinja2 import TemplateNotFound
from werkzeug.exceptions import HTTPException

from community.kernel import kept_pages, locale, logs, paths, unit_of_work
from community.kernel.errors import Forbidden, NotFound, Refusal, TooMany
from community.kernel.input import CleanRequest, IdConverter
from community.kernel.outages import Outage, find_outage

log = logging.getLogger(__name__)

csrf = CSRFProtect()

MAX_REQUEST_BYTES = 6 * 1024 * 1024
MAX_FORM_MEMORY_BYTES = 2 * 1024 * 1024
REQUEST_TOO_LARGE = 413
LEAST_WORDS = 25  # characters: whatever is shorter is typed again soon
_NO_WORDS = re.compile("password|token|key|seen|confirmed|next|version")
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})

View = TypeVar("View", bound=Callable[..., Any])


def public(view: View) -> View:
    """Open a view to those who are not signed in. All others are shut."""
    view.is_public = True  # type: ignore[attr-defined]
    return view


def for_programs(view: View) -> View:
    """Answer with JSON also where something is refused, whatever was asked for."""
    view.is_for_programs = True  # type: ignore[attr-defined]
    return view


def before_the_gate(view: View) -> View:
    """Let a signed-in member in whose policy or credential is still due.

    For sign-out, the policy itself, the waiting page, one's own profile and data.
    """
    view.is_before_the_gate = True  # type: ignore[attr-defined]
    return view


def wants_json() -> bool:
    """Whether the client asks for JSON rather than a page."""
    best = request.accept_mimetypes.best_match(["text/html", "application/json"])
    return best == "application/json" or request.path.endswith(".json")


def _new_nonce() -> str:
    return secrets.token_urlsafe(16)


def csp_nonce() -> str:
    """Return this response's nonce for inline style and script."""
    if "csp_nonce" not in g:
        g.csp_nonce = kept_pages.fresh(_new_nonce)
    nonce: str = g.csp_nonce
    return nonce


@functools.lru_cache(maxsize=256)
def _fingerprint(path: str) -> str:
    file = paths.STATIC / path
    return hashlib.sha256(file.read_bytes()).hexdigest()[:12] if file.is_file() else "missing"


def asset(path: str) -> str:
    """Return the address of a static file, with its fingerprint so that it can be kept for ever."""
    if current_app.config["SETTINGS"].is_development:
        _fingerprint.cache_clear()
    return f"{current_app.static_url_path}/{path}?v={_fingerprint(path)}"


def init_app(app: Flask) -> None:
    """Set up size limits, forgery protection, headers and error pages."""
    app.config.update(
        MAX_CONTENT_LENGTH=MAX_REQUEST_BYTES,
        MAX_FORM_MEMORY_SIZE=MAX_FORM_MEMORY_BYTES,
        WTF_CSRF_TIME_LIMIT=None,  # a token lives as long as its session
    )
    # What signs the tokens of forms. The library's own default is SHA-1, by which the version
    # before this one signed: its tokens are read until the next, so that no open page is lost.
    Signer.default_digest_method = staticmethod(hashlib.sha256)
    Serializer.default_fallback_signers = [{"digest_method": hashlib.sha1}]
    app.request_class = CleanRequest
    app.url_map.converters["int"] = IdConverter
    app.before_request(_refuse_unfit_address)
    csrf.init_app(app)
    app.after_request(_add_headers)
    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(CSRFError, _forged)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _broken)


def _refuse_unfit_address() -> None:
    """Nothing has an address with a NUL in it, and databases choke on one."""
    if "\0" in request.path or any("\0" in value for value in request.args.values()):
        raise NotFound


def wrap_views(app: Flask) -> None:
    """Give every view its transaction: kept after a write, forgotten after a read or an error."""
    for endpoint, view in app.view_functions.items():
        app.view_functions[endpoint] = _in_transaction(view)


class Later(Response):
    """An answer that is made once the transaction stands, since it tells what was committed."""

    def __init__(self, build: Callable[[], ResponseReturnValue]) -> None:
        super().__init__()
        self.build = build
        locale.current()  # asked while it is known who looks: the commit lets go of every row


def _in_transaction(view: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(view)
    def inside(*args: Any, **kwargs: Any) -> Response:
        try:
            result = view(*args, **kwargs)
            response = result if isinstance(result, Later) else make_response(result)
            if request.method in SAFE:
                unit_of_work.rollback()
            else:
                unit_of_work.commit()
                g.is_committed = True
            if isinstance(response, Later):
                response = make_response(response.build())
                unit_of_work.rollback()
        except BaseException:
            unit_of_work.rollback()
            raise
        return response

    return inside


def _add_headers(response: Response) -> Response:
    headers = response.headers
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("X-Robots-Tag", "noindex, nofollow, noarchive")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
    headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
    if current_app.config["SETTINGS"].is_https:
        headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
    if request.endpoint == "static" and response.status_code in {200, 304}:
        if "v" in request.args:
            headers["Cache-Control"] = "public, max-age=31536000, immutable"
        headers["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'"
        return response
    headers.setdefault("Cache-Control", "no-store")
    nonce = csp_nonce()
    headers.setdefault(
        "Content-Security-Policy",
        f"default-src 'none'; script-src 'self' 'nonce-{nonce}'; "
        f"style-src 'self' 'nonce-{nonce}'; img-src 'self' data:; font-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    )
    return response


def sentence_of(refusal: Refusal) -> str:
    """Return a refusal's sentence in the reader's language."""
    return gettext(refusal.sentence, **refusal.values)


def _refused(refusal: Refusal) -> ResponseReturnValue:
    if isinstance(refusal, Forbidden | TooMany):
        log.warning("refused: %s", refusal.code)
    response = make_response(_page_or_json(refusal.status, refusal.code, sentence_of(refusal)))
    if isinstance(refusal, TooMany):
        response.headers["Retry-After"] = str(refusal.retry_after)
    return response


def _forged(_error: CSRFError) -> ResponseReturnValue:
    sentence = gettext(
        "This page is from an earlier visit, so we could not be sure that it was you. "
        "Go back, load the page again, and send it once more. Nothing was changed."
    )
    return _page_or_json(400, "stale_token", sentence)


_HTTP_WORDS = {
    400: "bad_request",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
    415: "unsupported",
}


def _http_error(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 500
    if error.response is not None or status < 400:
        return error
    response = make_response(_page_or_json(status, _HTTP_WORDS.get(status, "error"), _say(status)))
    for name, value in error.get_headers():
        if name.lower() in {"allow", "retry-after"}:
            response.headers[name] = value
    return response


def _say(status: int) -> str:
    match status:
        case 404:
            return gettext("There is nothing for you here.")
        case 405:
            return gettext("This address does not do that.")
        case 413:
            return gettext("That is more than we can take in one piece. Nothing was changed.")
        case 400:
            return gettext("We could not read that. Nothing was changed.")
        case _:
            return gettext("That did not work. Nothing was changed.")


def _broken(error: Exception) -> ResponseReturnValue:
    number = logs.request_number() or logs.begin_request()
    current_app.logger.error("a request failed", exc_info=error)
    outage = find_outage(error)
    status, code = (outage.status, outage.code) if outage else (500, "broken")
    try:
        unit_of_work.rollback()  # the page asks who is looking, in the session that failed
        response = make_response(_page_or_json(status, code, _say_broken(outage, number)))
    except Exception:  # noqa: BLE001 - the page leans on what broke, such as the database
        response = make_response(_bare(outage, status, code, number))
    if outage:
        response.headers["Retry-After"] = str(outage.retry_after)
    return response


def _say_broken(outage: Outage | None, number: str) -> str:
    if outage:
        return gettext(outage.sentence)
    if g.get("is_committed"):
        return gettext(
            "What you sent was kept, but something went wrong on our side when we answered. Load "
            "the page again. If you ask us about it, give us this number: %(number)s.",
            number=number,
        )
    return gettext(
        "Something went wrong on our side. Nothing was changed. If you ask us about it, "
        "give us this number: %(number)s.",
        number=number,
    )


def _bare(outage: Outage | None, status: int, code: str, number: str) -> tuple[Any, int]:
    """Answer without anything that may be broken too: the database, a language, the layout."""
    sentence = outage.sentence if outage else "Load the page again in a minute."
    if wants_json():
        return jsonify(error=code, message=sentence), status
    page = current_app.jinja_env.get_template("errors/bare.html")
    return page.render(number=number, sentence=sentence), status


def _words_sent(status: int) -> list[str]:
    """Return what somebody wrote in the form that was refused, for them to take along."""
    if request.method in SAFE or status == REQUEST_TOO_LARGE:
        return []
    return [
        text
        for name, text in request.form.items()
        if not _NO_WORDS.search(name) and (len(text) >= LEAST_WORDS or "\n" in text)
    ]


def _page(name: str, *, status: int, code: str, sentence: str) -> str:
    words = _words_sent(status)
    return render_template(
        name,
        status=status,
        code=code,
        sentence=sentence,
        words=words,
        number=logs.request_number(),
    )


def _is_for_programs() -> bool:
    view = current_app.view_functions.get(request.endpoint or "")
    return getattr(view, "is_for_programs", False)


def _page_or_json(status: int, code: str, sentence: str) -> tuple[Response | str, int]:
    if wants_json() or _is_for_programs():
        return jsonify(error=code, message=sentence), status
    for name in (f"errors/{status}.html", "errors/error.html"):
        try:
            return _page(name, status=status, code=code, sentence=sentence), status
        except TemplateNotFound:
            continue
    return make_response(sentence), status
