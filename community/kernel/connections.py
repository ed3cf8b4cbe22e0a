"""How sockets come and go, and what they say is heard: the only place that sets Socket.IO up."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from typing import Any, cast
from urllib.parse import urlsplit

from flask import Flask, request
from flask_socketio import SocketIO
from flask_wtf.csrf import validate_csrf
from socketio.exceptions import ConnectionRefusedError as Refused
from werkzeug.middleware.proxy_fix import ProxyFix
from wtforms import ValidationError

from community.config import Settings
from community.kernel import housekeeping, request_log, unit_of_work
from community.kernel.bus import Bus
from community.kernel.errors import Refusal
from community.kernel.input import host_of
from community.kernel.live import Live, current, gates, handlers, hearers, leavers
from community.kernel.realtime import close_unseated, disconnect, recheck
from community.kernel.redis_line import RedisLine
from community.kernel.sockets import Socket

log = logging.getLogger(__name__)

PLACE = "/socket.io/"
MAX_BYTES = 64_000
MAX_SOCKETS_A_MEMBER = 40
RECHECK_SECONDS = 5.0

KEPT_OF_REQUEST = (
    "REQUEST_METHOD", "SERVER_NAME", "SERVER_PORT", "HTTP_HOST", "wsgi.url_scheme", "flask.app",
)  # fmt: skip

Wsgi = Callable[[dict[str, Any], Any], Any]


def init_app(app: Flask, line: RedisLine | None) -> None:
    """Open the door for sockets beside the one for requests.

    Args:
        app: the program.
        line: to the Redis between several processes, where there are several.
    """
    settings: Settings = app.config["SETTINGS"]
    bus = Bus(line, _hear_elsewhere(app)) if line is not None else None
    options: dict[str, Any] = {"client_manager": bus} if bus else {}
    pages: Wsgi = app.wsgi_app
    live: Any = SocketIO()
    live.init_app(
        app,
        async_mode="gevent" if _is_patched() else "threading",
        manage_session=False,
        async_handlers=False,
        max_http_buffer_size=MAX_BYTES,
        cors_allowed_origins=_origins(settings),
        transports=["websocket"] if bus else ["polling", "websocket"],
        **options,
    )
    app.wsgi_app = _entrance(app, pages, live.server)  # type: ignore[assignment, method-assign]
    app.extensions["realtime"] = Live(live, live.server, bus)
    if settings.transport == "direct" and _is_patched():
        from community.kernel import transport  # noqa: PLC0415 - needs gevent's worker

        transport.install(live.server.eio)
    else:
        _limit_messages(live.server.eio)
    live.on("connect")(_connect)
    live.server.on("*", _hear_of(app))
    live.server.on("disconnect", _leave_of(app))
    housekeeping.every(RECHECK_SECONDS, "ask the gate again", recheck)
    housekeeping.every(RECHECK_SECONDS, "close who never came in", close_unseated)


def _limit_messages(server: Any) -> None:
    """Refuse long messages while they arrive; Engine.IO itself looks only at whole ones."""
    stock: Any = server._async["websocket"]  # noqa: SLF001 - its table of drivers

    class Limited(stock):  # type: ignore[misc]
        def __init__(self, handler: Any, server: Any) -> None:
            super().__init__(handler, server)
            self.server_args["max_message_size"] = MAX_BYTES

    server._async = {**server._async, "websocket": Limited}  # noqa: SLF001


def _is_patched() -> bool:
    monkey = sys.modules.get("gevent.monkey")
    return bool(monkey and monkey.is_module_patched("socket"))


def _origins(settings: Settings) -> list[str] | Callable[[str], bool]:
    """Return from which pages sockets may be opened; for trying out, from any of this machine."""
    base = urlsplit(settings.base_url)
    if settings.is_development:
        return lambda origin: host_of(origin) in {base.hostname, "localhost", "127.0.0.1"}
    return [f"{base.scheme}://{base.netloc}"]


def _entrance(app: Flask, pages: Wsgi, server: Any) -> Wsgi:
    """Lead sockets to Engine.IO and everybody else past it.

    It stands in the place of Flask-SocketIO's own, which copies each request and makes a class for
    it; a socket holds on to both, and to each step on the way, for as long as it lives.
    """
    number = _numbering(app)

    def call(environ: dict[str, Any], start_response: Any) -> Any:
        if not environ.get("PATH_INFO", "").startswith(PLACE):
            return pages(environ, start_response)
        # Every browser offers to compress messages: it costs 200 KB a connection.
        environ.pop("HTTP_SEC_WEBSOCKET_EXTENSIONS", None)
        environ["flask.app"] = app
        number(environ)
        return server.handle_request(environ, start_response)

    return call


def _numbering(app: Flask) -> Callable[[dict[str, Any]], None]:
    """Return what begins the log of a socket's request, which passes the others' numbering by.

    Without it the socket would bear the number and the client of whatever request came before it
    on the same connection: a proxy's connections are kept, and serve one browser after the other.
    """
    settings: Settings = app.config["SETTINGS"]
    hops = settings.trusted_proxies

    def begin(environ: dict[str, Any], _start_response: object) -> list[bytes]:
        request_log.begin(environ, key=str(app.secret_key), behind_proxy=hops > 0)
        return []

    as_proxies_say = ProxyFix(begin, x_for=hops, x_proto=0, x_host=0)

    def number(environ: dict[str, Any]) -> None:
        as_proxies_say(environ.copy(), cast(Any, None))

    return number


def _hear_elsewhere(app: Flask) -> Callable[[str, Any], None]:
    def hear(what: str, data: Any) -> None:
        hearer = hearers.get(what)
        if hearer is not None:
            with app.app_context():
                hearer(data)

    return hear


def _connect(auth: object = None) -> None:
    if _is_pretence(current(), request.sid):  # type: ignore[attr-defined]
        return
    token = auth.get("csrf") if isinstance(auth, dict) else None
    try:
        validate_csrf(token if isinstance(token, str) else None)
    except ValidationError as stale:
        raise Refused("stale_token") from stale
    visitor = gates[0].guard() if gates else "sign_in"
    unit_of_work.rollback()
    if isinstance(visitor, str):
        raise Refused(visitor)
    live = current()
    if len(live.sockets.of_member(visitor.member_id)) >= MAX_SOCKETS_A_MEMBER:
        raise Refused("too_many")
    sid: str = request.sid  # type: ignore[attr-defined]
    eio_sid = live.server.manager.eio_sid_from_sid(sid, "/")
    _slim(live.server.environ[eio_sid])
    engine = live.server.eio.sockets.get(eio_sid)
    live.sockets.add(Socket(sid, eio_sid, visitor, getattr(engine, "wire", None)))


def _slim(environ: dict[str, Any]) -> None:
    """Keep next to nothing of a request: what is kept stays as long as the socket does.

    Nothing that is said over a socket asks for it. Only who leaves and asks to come in again over
    the same connection makes Flask-SocketIO build a request of it once more: for that it needs the
    program, the method and the host, and then no cookie is there, so that the gate refuses.
    """
    kept = {name: environ[name] for name in KEPT_OF_REQUEST if name in environ}
    environ.clear()
    environ.update(kept)


def _is_pretence(live: Live, sid: str) -> bool:
    """Whether a browser sent an event named like one of Socket.IO's own.

    While a socket truly comes or goes, it does not count as connected.
    """
    return bool(live.server.manager.is_connected(sid, "/"))


def _leave_of(app: Flask) -> Callable[..., None]:
    def leave(sid: str, *_reason: object) -> None:
        live: Live = app.extensions["realtime"]
        if _is_pretence(live, sid):
            return
        socket = live.sockets.drop(sid)
        if socket is not None:
            with app.app_context():
                for act in leavers:
                    act(socket)

    return leave


def _hear_of(app: Flask) -> Callable[..., dict[str, Any] | None]:
    """Return what hears whatever browsers say. No request stands behind it, and none is made up."""

    def hear(event: str, sid: str, *args: Any) -> dict[str, Any] | None:
        with app.app_context():
            return _hear(event, sid, *args)

    return hear


def _hear(event: str, sid: str, *args: Any) -> dict[str, Any] | None:
    socket = current().sockets.find(sid)
    if socket is not None and not socket.may_speak():
        disconnect([socket])
        return {"ok": False, "error": "too_many"}
    handler = handlers.get(event)
    if socket is None or handler is None or len(args) != 1 or not isinstance(args[0], dict):
        return {"ok": False, "error": "bad_request"}
    try:
        return handler(socket, args[0])
    except Refusal as refusal:
        return {"ok": False, "error": refusal.code}
    except Exception:
        log.exception("event %s failed", event)
        return {"ok": False, "error": "broken"}
    finally:
        unit_of_work.rollback()
