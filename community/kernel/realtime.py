"""What features say to sockets and hear from them.

Sockets carry news, presence and typing; writes go over HTTP. A socket is let in by the gate that
requests pass too. What it was when it connected is frozen, so whatever grants something asks the
gate again, and whoever loses access is disconnected in every process after the commit. How
connections come about stands in `connections`.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable
from typing import Any, TypeVar, cast

from engineio.packet import MESSAGE
from engineio.packet import Packet as Frame
from flask_socketio import SocketIO
from socketio.packet import EVENT, Packet
from werkzeug.local import LocalProxy

from community.kernel import unit_of_work
from community.kernel.errors import Forbidden
from community.kernel.frames import frame_of
from community.kernel.live import (
    Again,
    Gate,
    Guard,
    Handler,
    Hearer,
    Live,
    Renderer,
    current,
    gates,
    handlers,
    hearers,
    leavers,
    renderers,
)
from community.kernel.sockets import Socket, Visitor
from community.kernel.words import N_

log = logging.getLogger(__name__)

SEAT_SECONDS = 10.0  # within which a connection must have passed the gate
BREATH = 256  # sockets served before others get a turn

Kept = TypeVar("Kept")

socketio = cast(SocketIO, LocalProxy(lambda: current().socketio))


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
    gates[:] = [Gate(guard, again, day, still_welcome)]


def on(event: str) -> Callable[[Handler], Handler]:
    """Register what answers an event from a browser; the answer is acknowledged as it is."""

    def register(handler: Handler) -> Handler:
        handlers[event] = handler
        return handler

    return register


def on_leave(act: Callable[[Socket], None]) -> None:
    """Register what is done when a socket has gone."""
    if act not in leavers:
        leavers.append(act)


def on_word(what: str) -> Callable[[Hearer], Hearer]:
    """Register what is done on word sent to every process, in the sender's process too."""

    def register(hearer: Hearer) -> Hearer:
        hearers[what] = hearer
        return hearer

    return register


def register_renderer(kind: str, renderer: Renderer) -> None:
    """Register what renders news of a kind: ids and a language give fragments by id.

    It reads committed rows, and says nothing that depends on who looks.
    """
    renderers[kind] = renderer


def render(kind: str, ids: list[int], language: str) -> dict[int, str]:
    """Return the fragments of things in a language; nothing for kinds that have none.

    A fragment that can't be made is left out: news without it makes the page ask.
    """
    renderer = renderers.get(kind)
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
    live = current()
    hearers[what](data)
    if live.bus is not None:
        live.bus.tell(what, data)


def has_other_processes() -> bool:
    """Whether sockets may be open elsewhere too."""
    return current().bus is not None


def is_bus_up() -> bool:
    """Whether the processes can reach each other; true where there is only one."""
    bus = current().bus
    return bus is None or bus.is_up()


def has_sockets() -> bool:
    """Whether any browser is connected to this process."""
    return len(current().sockets) > 0


def count_sockets() -> int:
    """Return how many browsers are connected to this process."""
    return len(current().sockets)


def encode(event: str, payload: dict[str, Any]) -> Frame:
    """Make a message ready to be sent, once for however many sockets."""
    packet = Packet(EVENT, namespace="/", data=[event, payload])
    return Frame(MESSAGE, packet.encode())


def send(frame: Frame, sockets: Iterable[Socket]) -> None:
    """Send one message to many sockets of this process; a dead one is passed over."""
    live = current()
    ready = frame_of(frame)
    with live.sending:  # a later message never overtakes an earlier one
        for place, socket in enumerate(sockets, start=1):
            if socket.wire is not None:
                socket.wire.write(ready)
            else:
                _send_slowly(live, frame, socket)
            if place % BREATH == 0:
                live.socketio.sleep(0)


def _send_slowly(live: Live, frame: Frame, socket: Socket) -> None:
    try:
        live.server._send_eio_packet(socket.eio_sid, frame)  # noqa: SLF001 - encoded once
    except Exception:  # one broken connection must not cost the others
        log.info("could not send to a socket", exc_info=True)


def ask_again(socket: Socket) -> Visitor:
    """Ask the gate about a socket's visitor as of now.

    Raises:
        Forbidden: the gate is shut; the socket is closed.
    """
    found = gates[0].again(socket.visitor) if gates else "sign_in"
    if isinstance(found, str) or found.session_id != socket.visitor.session_id:
        disconnect([socket])
        raise Forbidden(N_("Sign in to go on."), code="closed")
    return found


def recheck() -> None:
    """Ask the gate about everybody who may be here without right, and close their sockets.

    The day has changed, so that a policy may be in force by now; or word from another process,
    that somebody was signed out, may have been lost.
    """
    live = current()
    before, live.day = live.day, gates[0].day() if gates else None
    is_another_day = before not in {None, live.day}
    if live.bus is not None:
        live.bus.own_up()
    has_missed = live.bus is not None and live.bus.may_have_missed()
    if is_another_day or has_missed:
        _turn_out(live)


def _turn_out(live: Live) -> None:
    sockets = live.sockets.all()
    for start in range(0, len(sockets), BREATH):
        some = sockets[start : start + BREATH]
        welcome = gates[0].still_welcome([socket.visitor.session_id for socket in some])
        disconnect([socket for socket in some if socket.visitor.session_id not in welcome])
        live.socketio.sleep(0)


def close_unseated() -> None:
    """Close connections that have stood outside the gate for too long: nobody may hold them."""
    live = current()
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
    return current().sockets.find(socket.sid) is not None


def kept(kind: type[Kept]) -> Kept:
    """Return what a feature keeps about this process's sockets: one object a program."""
    return cast(Kept, current().kept.setdefault(kind, kind()))


def disconnect(sockets: Iterable[Socket]) -> None:
    """Close sockets of this process; honest browsers come back through the gate."""
    server = current().server
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
    sockets = current().sockets
    if "member" in word:
        disconnect(sockets.of_member(word["member"]))
    if "session" in word:
        disconnect(sockets.of_session(word["session"]))


@on_word("ring")
def _ring(word: dict[str, Any]) -> None:
    send(encode("ring", {"what": word["what"]}), current().sockets.of_members(word["members"]))
