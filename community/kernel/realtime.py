"""Sockets: the only place that knows Socket.IO.

Sockets carry news, presence and typing; writes go over HTTP. A socket is let in by the gate that
requests pass too. What it was when it connected is frozen, so whatever grants something asks the
gate again, and whoever loses access is disconnected in every process after the commit.
"""

from __future__ import annotations

import logging
import sys
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit

from engineio.packet import MESSAGE
from engineio.packet import Packet as Frame
from flask import Flask, current_app, request
from flask_socketio import SocketIO
from flask_wtf.csrf import validate_csrf
from socketio.exceptions import ConnectionRefusedError as Refused
from socketio.packet import EVENT, Packet
from werkzeug.local import LocalProxy
from werkzeug.middleware.proxy_fix import ProxyFix
from wtforms import ValidationError

from community.config import Settings
from community.kernel import housekeeping, request_log, unit_of_work
from community.kernel.bus import Bus
from community.kernel.errors import Forbidden, Refusal
from community.kernel.frames import frame_of
from community.kernel.input import host_of
from community.kernel.redis_line import RedisLine
from community.kernel.sockets import Socket, Sockets, Visitor
from community.kernel.words import N_

log = logging.getLogger(__name__)

PLACE = "/socket.io/"
MAX_BYTES = 64_000
MAX_SOCKETS_A_MEMBER = 40
RECHECK_SECONDS = 5.0
SEAT_SECONDS = 10.0  # within which a connection must have passed the gate
BREATH = 256  # sockets served before others get a turn

KEPT_OF_REQUEST = (
    "REQUEST_METHOD", "SERVER_NAME", "SERVER_PORT", "HTTP_HOST", "wsgi.url_scheme", "flask.app",
)  # fmt: skip

Guard = Callable[[], Visitor | str]
Again = Callable[[Visitor], Visitor | str]
Handler = Callable[[Socket, dict[str, Any]], dict[str, Any] | None]
Hearer = Callable[[Any], None]
Renderer = Callable[[list[int], str], dict[int, str]]
Wsgi = Callable[[dict[str, Any], Any], Any]
Kept = TypeVar("Kept")


@dataclass
class _Live:
    """What one program knows of its sockets."""

    socketio: SocketIO
    server: Any
    bus: Bus | None
    sockets: Sockets = field(default_factory=Sockets)
    sending: threading.RLock = field(default_factory=threading.RLock)
    kept: dict[type, Any] = field(default_factory=dict)
    day: object = None
    unseated: dict[str, float] = field(default_factory=dict)

    def close(self) -> None:
        """Close every connection; browsers come back to whoever serves next."""
        for transport in list(self.server.eio.sockets.values()):
            transport.close(wait=False, reason=self.server.reason.SERVER_DISCONNECT)


@dataclass(frozen=True)
class _Gate:
    guard: Guard
    again: Again
    day: Callable[[], object]
    still_welcome: Callable[[list[int]], set[int]]


_gates: list[_Gate] = []
_handlers: dict[str, Handler] = {}
_leavers: list[Callable[[Socket], None]] = []
_hearers: dict[str, Hearer] = {}
_renderers: dict[str, Renderer] = {}


def _live() -> _Live:
    return cast(_Live, current_app.extensions["realtime"])


socketio = cast(SocketIO, LocalProxy(lambda: _live().socketio))


# --- what features register ---------------------------------------------------------------------


def guard_with(
    guard: Guard,
    *,
    again: Again,
    day: Callable[[], object],
    still_welcome: Callable[[list[int]], set[int]],
) -> None:
    """Register the gate.

    Args:
        guard: returns who connects, or the name of the door that is shut.
        again: the same about who is connected, without a request.
        day: changes when doors may shut without anybody doing anything.
        still_welcome: keys of sessions give those that run and find every door open now.
    """
    _gates[:] = [_Gate(guard, again, day, still_welcome)]


def on(event: str) -> Callable[[Handler], Handler]:
    """Register what answers an event from a browser; the answer is acknowledged as it is."""

    def register(handler: Handler) -> Handler:
        _handlers[event] = handler
        return handler

    return register


def on_leave(act: Callable[[Socket], None]) -> None:
    """Register what is done when a socket has gone."""
    if act not in _leavers:
        _leavers.append(act)


def on_word(what: str) -> Callable[[Hearer], Hearer]:
    """Register what is done on word sent to every process, in the sender's process too."""

    def register(hearer: Hearer) -> Hearer:
        _hearers[what] = hearer
        return hearer

    return register


def register_renderer(kind: str, renderer: Renderer) -> None:
    """Register what renders news of a kind: ids and a language give fragments by id.

    It reads committed rows, and says nothing that depends on who looks.
    """
    _renderers[kind] = renderer


def render(kind: str, ids: list[int], language: str) -> dict[int, str]:
    """Return the fragments of things in a language; nothing for kinds that have none.

    A fragment that can't be made is left out: news without it makes the page ask.
    """
    renderer = _renderers.get(kind)
    if renderer is None or not ids:
        return {}
    try:
        return renderer(ids, language)
    except Exception:
        log.exception("could not render %s %s", kind, ids)
        return {}


# --- what features do ---------------------------------------------------------------------------


def tell_everywhere(what: str, data: Any) -> None:
    """Send word, as JSON, to every server process, this one first."""
    live = _live()
    _hearers[what](data)
    if live.bus is not None:
        live.bus.tell(what, data)


def has_other_processes() -> bool:
    """Whether sockets may be open elsewhere too."""
    return _live().bus is not None


def is_bus_up() -> bool:
    """Whether the processes can reach each other; true where there is only one."""
    bus = _live().bus
    return bus is None or bus.is_up()


def has_sockets() -> bool:
    """Whether any browser is connected to this process."""
    return len(_live().sockets) > 0


def count_sockets() -> int:
    """Return how many browsers are connected to this process."""
    return len(_live().sockets)


def encode(event: str, payload: dict[str, Any]) -> Frame:
    """Make a message ready to be sent, once for however many sockets."""
    packet = Packet(EVENT, namespace="/", data=[event, payload])
    return Frame(MESSAGE, packet.encode())


def send(frame: Frame, sockets: Iterable[Socket]) -> None:
    """Send one message to many sockets of this process; a dead one is passed over."""
    live = _live()
    ready = frame_of(frame)
    with live.sending:  # a later message never overtakes an earlier one
        for place, socket in enumerate(sockets, start=1):
            if socket.wire is not None:
                socket.wire.write(ready)
            else:
                _send_slowly(live, frame, socket)
            if place % BREATH == 0:
                live.socketio.sleep(0)


def _send_slowly(live: _Live, frame: Frame, socket: Socket) -> None:
    try:
        live.server._send_eio_packet(socket.eio_sid, frame)  # noqa: SLF001 - encoded once
    except Exception:  # one broken connection must not cost the others
        log.info("could not send to a socket", exc_info=True)


def ask_again(socket: Socket) -> Visitor:
    """Ask the gate about a socket's visitor as of now.

    Raises:
        Forbidden: the gate is shut; the socket is closed.
    """
    found = _gates[0].again(socket.visitor) if _gates else "sign_in"
    if isinstance(found, str) or found.session_id != socket.visitor.session_id:
        disconnect([socket])
        raise Forbidden(N_("Sign in to go on."), code="closed")
    return found


def recheck() -> None:
    """Ask the gate about everybody who may be here without right, and close their sockets.

    The day has changed, so that a policy may be in force by now; or word from another process,
    that somebody was signed out, may have been lost.
    """
    live = _live()
    before, live.day = live.day, _gates[0].day() if _gates else None
    is_another_day = before not in {None, live.day}
    if live.bus is not None:
        live.bus.own_up()
    has_missed = live.bus is not None and live.bus.may_have_missed()
    if is_another_day or has_missed:
        _turn_out(live)


def _turn_out(live: _Live) -> None:
    sockets = live.sockets.all()
    for start in range(0, len(sockets), BREATH):
        some = sockets[start : start + BREATH]
        welcome = _gates[0].still_welcome([socket.visitor.session_id for socket in some])
        disconnect([socket for socket in some if socket.visitor.session_id not in welcome])
        live.socketio.sleep(0)


def close_unseated() -> None:
    """Close connections that have stood outside the gate for too long: nobody may hold them."""
    live = _live()
    seated = {socket.eio_sid for socket in live.sockets.all()}
    outside = [sid for sid in list(live.server.eio.sockets) if sid not in seated]
    now = time.monotonic()
    live.unseated = {sid: live.unseated.get(sid, now) for sid in outside}
    for sid, since in live.unseated.items():
        transport = live.server.eio.sockets.get(sid)
        if transport is not None and now - since >= SEAT_SECONDS:
            transport.close(wait=False, reason=live.server.reason.SERVER_DISCONNECT)


def is_open(socket: Socket) -> bool:
    """Whether a socket is still connected here."""
    return _live().sockets.find(socket.sid) is not None


def kept(kind: type[Kept]) -> Kept:
    """Return what a feature keeps about this process's sockets: one object a program."""
    return cast(Kept, _live().kept.setdefault(kind, kind()))


def disconnect(sockets: Iterable[Socket]) -> None:
    """Close sockets of this process; honest browsers come back through the gate."""
    server = _live().server
    for socket in sockets:
        server.disconnect(socket.sid, ignore_queue=True)
        transport = server.eio.sockets.get(socket.eio_sid)
        if transport is not None:
            transport.close(wait=False)


def after_commit_disconnect_member(member_id: int) -> None:
    """Close all sockets of a member, in every process, once this transaction stands."""
    unit_of_work.on_commit(lambda: tell_everywhere("kick", {"member": member_id}))


def after_commit_disconnect_session(session_id: int) -> None:
    """Close the sockets of one signed-in browser, once this transaction stands."""
    unit_of_work.on_commit(lambda: tell_everywhere("kick", {"session": session_id}))


def ring_members(member_ids: Iterable[int], what: str) -> None:
    """Tell members, once this transaction stands, to look anew at `what`, such as `reviews`."""
    word = {"members": sorted(set(member_ids)), "what": what}
    if word["members"]:
        unit_of_work.on_commit(lambda: tell_everywhere("ring", word))


@on_word("kick")
def _kick(word: dict[str, int]) -> None:
    sockets = _live().sockets
    if "member" in word:
        disconnect(sockets.of_member(word["member"]))
    if "session" in word:
        disconnect(sockets.of_session(word["session"]))


@on_word("ring")
def _ring(word: dict[str, Any]) -> None:
    send(encode("ring", {"what": word["what"]}), _live().sockets.of_members(word["members"]))


# --- connections --------------------------------------------------------------------------------


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
    app.extensions["realtime"] = _Live(live, live.server, bus)
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
        hearer = _hearers.get(what)
        if hearer is not None:
            with app.app_context():
                hearer(data)

    return hear


def _connect(auth: object = None) -> None:
    if _is_pretence(_live(), request.sid):  # type: ignore[attr-defined]
        return
    token = auth.get("csrf") if isinstance(auth, dict) else None
    try:
        validate_csrf(token if isinstance(token, str) else None)
    except ValidationError as stale:
        raise Refused("stale_token") from stale
    visitor = _gates[0].guard() if _gates else "sign_in"
    unit_of_work.rollback()
    if isinstance(visitor, str):
        raise Refused(visitor)
    live = _live()
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


def _is_pretence(live: _Live, sid: str) -> bool:
    """Whether a browser sent an event named like one of Socket.IO's own.

    While a socket truly comes or goes, it does not count as connected.
    """
    return bool(live.server.manager.is_connected(sid, "/"))


def _leave_of(app: Flask) -> Callable[..., None]:
    def leave(sid: str, *_reason: object) -> None:
        live: _Live = app.extensions["realtime"]
        if _is_pretence(live, sid):
            return
        socket = live.sockets.drop(sid)
        if socket is not None:
            with app.app_context():
                for act in _leavers:
                    act(socket)

    return leave


def _hear_of(app: Flask) -> Callable[..., dict[str, Any] | None]:
    """Return what hears whatever browsers say. No request stands behind it, and none is made up."""

    def hear(event: str, sid: str, *args: Any) -> dict[str, Any] | None:
        with app.app_context():
            return _hear(event, sid, *args)

    return hear


def _hear(event: str, sid: str, *args: Any) -> dict[str, Any] | None:
    socket = _live().sockets.find(sid)
    if socket is not None and not socket.may_speak():
        disconnect([socket])
        return {"ok": False, "error": "too_many"}
    handler = _handlers.get(event)
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
