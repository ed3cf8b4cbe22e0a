"""Live news of spaces: who watches, what they are told, and who is turned away.

What everybody in a room may see is rendered once and pushed; a browser that missed something
compares numbers and asks for it. Held posts and cases never pass here.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any

from flask_babel import force_locale

from community.kernel import housekeeping, limits, locale, metrics, realtime
from community.kernel.errors import Forbidden, Invalid, NotFound, TooMany
from community.kernel.sockets import Socket
from community.kernel.words import N_
from community.members.models import Member
from community.members.session import current_member
from community.spaces import queries
from community.spaces.presence import Presence
from community.spaces.watchers import Room, Watchers
from community.stream import queries as stream
from community.stream.services import Told, tell_after_commit

LOOK_SECONDS = 2.0
BEAT_SECONDS = 25.0
TYPES = "1 per 2 seconds"  # of a member, in whichever of their pages
WATCHES = "240 per minute"  # by all pages of a member: at first, and where access moves
MOST_MISSED = 200_000  # characters; a page that missed more asks for it over HTTP


@dataclass(frozen=True)
class Place:
    """A thread as a viewer may know it: in which space, and whether it takes their posts."""

    space_id: int
    may_write: bool


FindPlace = Callable[[Member, int], Place | None]
_finders: list[FindPlace] = []

TellMissed = Callable[[int, int, int | None], str]
_tellers: list[TellMissed] = []


@dataclass
class _Clocks:
    """When what was last said, in this process."""

    told: dict[int, int] = field(default_factory=dict)
    next_beat: float = 0.0


def find_threads_with(find: FindPlace) -> None:
    """Register what knows threads: a viewer and a thread's key give its place, or None."""
    _finders[:] = [find]


def tell_missed_with(tell: TellMissed) -> None:
    """Register what knows all that a page missed: a space's key, a number, a thread's key.

    It answers in JSON and in the language at hand.
    """
    _tellers[:] = [tell]


def _watchers() -> Watchers:
    return realtime.kept(Watchers)


def _presence() -> Presence:
    return realtime.kept(Presence)


def _clocks() -> _Clocks:
    return realtime.kept(_Clocks)


# --- what browsers say --------------------------------------------------------------------------


@realtime.on("watch")
def watch(socket: Socket, said: dict[str, Any]) -> dict[str, Any]:
    """Seat a socket where its page is: in a space and, perhaps, in a thread of it.

    The access generation is read before the membership is: whoever loses access in between
    sits in a room that is dead already. The number that is answered is read once the socket sits:
    what has a higher one is pushed to it, so that a page which knows all up to it need not ask.
    A page that says after which number it knows nothing is told at once what it has missed.
    Counted is the member, so that many sockets get no more than one: each answer costs a reading.
    """
    limits.spend(WATCHES, "watch", socket.visitor.member_id)
    visitor = realtime.ask_again(socket)
    viewer = current_member()
    space_id, thread_id = _number(said, "space"), _number_or_none(said, "thread")
    after = _number_or_none(said, "after", least=0)
    head = stream.find_head(space_id=space_id)
    if head is None:
        raise NotFound
    if thread_id is None:
        queries.require_place(viewer=viewer, space_id=space_id)
    else:
        _get_place(viewer, space_id, thread_id)
    room = Room(space_id, head.generation, thread_id, visitor.language)
    _seat(socket, room)
    here = _presence().at(_watchers(), space_id, thread_id)
    answer = {"ok": True, "generation": head.generation, "here": here}
    missed = None if after is None else _missed(viewer, room, after)
    if missed is None:
        return answer | {"head": stream.get_head(space_id=space_id).seq}
    return answer | {"head": missed["head"], "missed": missed}


def _missed(viewer: Member, room: Room, after: int) -> dict[str, Any] | None:
    """Return what a page has missed; None where it is too much to be said in one breath."""
    with force_locale(room.language):
        found = _tellers[0](room.space_id, after, room.thread_id)
    queries.require_place(viewer=viewer, space_id=room.space_id)
    if len(found) > MOST_MISSED:
        return None
    missed: dict[str, Any] = json.loads(found)
    return missed


def _seat(socket: Socket, room: Room) -> None:
    before = _watchers().put(socket, room)
    _presence().touch(room.space_id)
    if before is not None and before.space_id != room.space_id:
        _presence().touch(before.space_id)
    if not realtime.is_open(socket):  # it went while it was being let in
        _leave(socket)


@realtime.on("typing")
def typing(socket: Socket, _said: dict[str, Any]) -> dict[str, Any] | None:
    """Tell the others in the thread that somebody is writing, at most every two seconds.

    Counted is the member, as in `watch`: each telling goes to every page in the thread.
    """
    room = _watchers().room_of(socket.sid)
    if room is None or room.thread_id is None:
        raise NotFound
    try:
        limits.spend(TYPES, "typing", socket.visitor.member_id)
    except TooMany:  # others know already; who writes need not hear of it
        return None
    realtime.ask_again(socket)
    viewer = current_member()
    _require_may_write(viewer, room.space_id, room.thread_id)
    realtime.tell_everywhere(
        "typing",
        {
            "space": room.space_id,
            "thread": room.thread_id,
            "generation": room.generation,
            "member": socket.visitor.as_dict(),
        },
    )
    return {"ok": True}


def _require_may_write(viewer: Member, space_id: int, thread_id: int) -> None:
    if not _get_place(viewer, space_id, thread_id).may_write:
        raise Forbidden(N_("You can read here, but not write."), code="read_only")


def _get_place(viewer: Member, space_id: int, thread_id: int) -> Place:
    place = _finders[0](viewer, thread_id) if _finders else None
    if place is None or place.space_id != space_id:
        raise NotFound
    return place


def _number(said: dict[str, Any], name: str, *, least: int = 1) -> int:
    number = said.get(name)
    if type(number) is not int or not least <= number < 2**53:
        raise Invalid(N_("We could not read that. Nothing was changed."), field=name)
    return number


def _number_or_none(said: dict[str, Any], name: str, *, least: int = 1) -> int | None:
    return None if said.get(name) is None else _number(said, name, least=least)


# --- what is told -------------------------------------------------------------------------------


def tell(told: list[Told]) -> None:
    """Tell the browsers of every process about committed news."""
    if not told or not (realtime.has_sockets() or realtime.has_other_processes()):
        return
    html, at = _render(told), time.time()
    events = [
        {
            "space": item.news.space_id,
            "thread": item.news.thread_id,
            "seq": item.seq,
            "kind": item.news.kind,
            "id": item.news.subject_id,
            "version": item.news.version,
            "generation": item.generation,
            "at": at,
            "html": html.get((item.news.kind, item.news.subject_id), {}),
        }
        for item in told
    ]
    realtime.tell_everywhere("news", events)


def _render(told: list[Told]) -> dict[tuple[str, int], dict[str, str]]:
    wanted: dict[tuple[str, str], list[int]] = {}
    for item in told:
        for language in _languages(item):
            ids = wanted.setdefault((item.news.kind, language), [])
            if item.news.subject_id not in ids:
                ids.append(item.news.subject_id)
    html: dict[tuple[str, int], dict[str, str]] = {}
    for (kind, language), ids in wanted.items():
        for subject_id, fragment in realtime.render(kind, ids, language).items():
            html.setdefault((kind, subject_id), {})[language] = fragment
    return html


def _languages(item: Told) -> Collection[str]:
    if item.news.thread_id is None:
        return ()
    if realtime.has_other_processes():
        return locale.LANGUAGES
    return _watchers().languages(item.news.space_id, item.news.thread_id)


@realtime.on_word("news")
def _news(events: list[dict[str, Any]]) -> None:
    for event in events:
        _reseat(event["space"], event["generation"])
        _tell_space(event)
        _note_lag(event)


def _note_lag(event: dict[str, Any]) -> None:
    at = event.get("at")  # unknown to processes of an earlier version
    if at is not None:
        metrics.EVENT_LAG_SECONDS.observe(max(0.0, time.time() - at))


def _tell_space(event: dict[str, Any]) -> None:
    space_id, thread_id, html = event["space"], event["thread"], event["html"]
    lean = {name: event[name] for name in ("space", "thread", "seq", "kind", "id", "version")}
    bare = realtime.encode("event", lean)
    for room, sockets in _watchers().living(space_id, event["generation"]):
        inside = room.thread_id == thread_id and room.language in html
        whole = {**lean, "html": html[room.language]} if inside else None
        realtime.send(realtime.encode("event", whole) if whole else bare, sockets)
    told = _clocks().told
    told[space_id] = max(told.get(space_id, 0), event["seq"])


def _reseat(space_id: int, generation: int) -> None:
    """Move those who still may read into the rooms of a new access generation."""
    seated = _watchers().generation(space_id)
    if seated is None or seated >= generation:
        return
    turned_away = _watchers().move(space_id, generation, queries.reader_ids(space_id))
    _presence().touch(space_id)
    realtime.disconnect(turned_away)


@realtime.on_word("typing")
def _typing(word: dict[str, Any]) -> None:
    payload = {name: word[name] for name in ("space", "thread", "member")}
    frame = realtime.encode("typing", payload)
    writer = word["member"]["id"]
    for room, sockets in _watchers().living(word["space"], word["generation"]):
        if room.thread_id == word["thread"]:
            realtime.send(frame, [one for one in sockets if one.visitor.member_id != writer])


@realtime.on_word("presence")
def _hear_presence(report: dict[str, Any]) -> None:
    _presence().hear(report)


# --- what is done between requests --------------------------------------------------------------


def look() -> None:
    """Compare what was told with what is written, and tell the heads that are ahead.

    This heals whatever got lost between processes: each browser that is behind asks for the
    rest, each socket in a room of an old access generation is reseated. All heads are told
    every 25 seconds or so, whether or not anything is new.
    """
    watchers, clocks = _watchers(), _clocks()
    watched = watchers.space_ids()
    now = time.monotonic()
    beat = now >= clocks.next_beat
    if beat:
        clocks.next_beat = now + BEAT_SECONDS * random.uniform(0.8, 1.2)  # noqa: S311 - no secret
        _presence().forget(watchers)
        for space_id in watched:
            _presence().touch(space_id)
    for space_id, head in stream.heads(space_ids=watched).items():
        _reseat(space_id, head.generation)
        behind = clocks.told.setdefault(space_id, head.seq) < head.seq
        if beat or behind:
            # What was pushed since the heads were read is no reason to ask.
            clocks.told[space_id] = max(clocks.told[space_id], head.seq)
            _tell_head(space_id, clocks.told[space_id], head.generation)


def _tell_head(space_id: int, seq: int, generation: int) -> None:
    frame = realtime.encode("head", {"space": space_id, "seq": seq, "generation": generation})
    for _room, sockets in _watchers().living(space_id, generation):
        realtime.send(frame, sockets)


def show_presence() -> None:
    """Tell who came and went since the last time."""
    watchers, presence = _watchers(), _presence()
    for space_id in presence.due(watchers):
        if realtime.has_other_processes():
            realtime.tell_everywhere("presence", presence.report(watchers, space_id))
        for (_space, thread_id), payload in presence.news(watchers, space_id):
            frame = realtime.encode("presence", payload)
            for room, sockets in watchers.in_space(space_id):
                if room.thread_id == thread_id:
                    realtime.send(frame, sockets)


def _leave(socket: Socket) -> None:
    room = _watchers().drop(socket.sid)
    if room is not None:
        _presence().touch(room.space_id)


realtime.on_leave(_leave)
tell_after_commit(tell)
housekeeping.every(LOOK_SECONDS, "look at heads", look)
housekeeping.every(0.25, "show presence", show_presence)
